package store

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// AddCustomers adds customers or brings them up to date.
func (s *Store) AddCustomers(ctx context.Context, customers []casework.Customer) (casework.BatchResult, error) {
	return addMaster(ctx, s, customers, func(c casework.Customer) string { return c.ID }, nil, upsertCustomers, "customers")
}

// ImportCustomers adds customers like AddCustomers and records the step of
// the import run.
func (s *Store) ImportCustomers(ctx context.Context, run string, step casework.ImportStep, customers []casework.Customer) (casework.BatchResult, error) {
	return addMaster(ctx, s, customers, func(c casework.Customer) string { return c.ID }, &importStep{run, step}, upsertCustomers, "customers")
}

func upsertCustomers(ctx context.Context, tx *sqlx.Tx, data []byte) (counted, error) {
	var n counted
	err := tx.GetContext(ctx, &n, `
		WITH written AS (
			INSERT INTO customers AS c (id, name, phone, birth_year, region, opted_out_at, attributes)
			SELECT r.id, coalesce(r.name, ''), coalesce(r.phone, ''), coalesce(r.birth_year, 0), coalesce(r.region, ''),
				r.opted_out_at, coalesce(r.attributes, '{}')
			FROM jsonb_to_recordset($1::jsonb) AS r (id text, name text, phone text, birth_year integer, region text,
				opted_out_at timestamptz, attributes jsonb)
			ORDER BY r.id
			ON CONFLICT (id) DO UPDATE
			SET name = excluded.name, phone = excluded.phone, birth_year = excluded.birth_year, region = excluded.region,
				opted_out_at = excluded.opted_out_at, attributes = excluded.attributes, changed_at = now()
			WHERE (c.name, c.phone, c.birth_year, c.region, c.opted_out_at, c.attributes) IS DISTINCT FROM
				(excluded.name, excluded.phone, excluded.birth_year, excluded.region, excluded.opted_out_at, excluded.attributes)
			RETURNING xmax = 0 AS added
		)
		SELECT count(*) FILTER (WHERE added) AS added, count(*) FILTER (WHERE NOT added) AS updated FROM written`, string(data))
	return n, err
}

// Customer is one customer, unmasked.
func (s *Store) Customer(ctx context.Context, id string) (casework.Customer, error) {
	var row struct {
		casework.Customer
		Attributes []byte
	}
	err := s.db.GetContext(ctx, &row, `
		SELECT id, name, phone, birth_year, region, opted_out_at, attributes
		FROM customers WHERE id = $1`, id)
	if err != nil {
		return casework.Customer{}, describe(err, "customer "+id)
	}
	customer := row.Customer
	if err := json.Unmarshal(row.Attributes, &customer.Attributes); err != nil {
		return customer, describe(err, "attributes of customer "+id)
	}
	if len(customer.Attributes) == 0 {
		customer.Attributes = nil
	}
	return customer, nil
}

// CustomerNames are the names of customers by id. Those who are not on record
// or have no name are left out.
func (s *Store) CustomerNames(ctx context.Context, ids []string) (map[string]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct{ ID, Name string }
	if err := s.db.SelectContext(ctx, &rows, `SELECT id, name FROM customers WHERE id = ANY($1) AND name <> ''`, textArray(ids)); err != nil {
		return nil, describe(err, "names of customers")
	}
	names := make(map[string]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, nil
}
