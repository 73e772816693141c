// Package charmodel is the small local model (本地模型): character sequences,
// hashed, weighed by logistic regression for each indicator. It ranks what
// no rule caught, so that a model or people look at that first.
package charmodel
