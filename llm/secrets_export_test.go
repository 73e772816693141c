package llm

// SecretWord makes the words of fences and canaries.
var SecretWord = secretWord
