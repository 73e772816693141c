package store

import (
	"context"
	"time"

	"xiaobao/casework"
)

// KeepPrivacyMap keeps what the tokens of a masked text stand for, sealed; a
// later one of the same thing replaces it.
func (s *Store) KeepPrivacyMap(ctx context.Context, about string, sealed []byte, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO privacy_maps (about, sealed, at) VALUES ($1, $2, $3)
		ON CONFLICT (about) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`, about, sealed, at)
	return describe(err, "map of "+about)
}

// PrivacyMap is the sealed map of a masked text.
func (s *Store) PrivacyMap(ctx context.Context, about string) ([]byte, error) {
	var sealed []byte
	err := s.db.GetContext(ctx, &sealed, `SELECT sealed FROM privacy_maps WHERE about = $1`, about)
	if casework.KindOf(describe(err, "map")) == casework.NotFound {
		return nil, casework.Errorf(casework.NotFound, "what the tokens of %s stand for is no longer kept", about).
			InChinese("脱敏对照关系已不再保存，无法还原").WithCode("map_gone")
	}
	return sealed, describe(err, "map of "+about)
}
