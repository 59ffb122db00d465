-- The tiers and the gate matrix as delivered. All of it is data an admin may change.

INSERT INTO "tiers" ("slug", "rank", "currency", "monthly_cents", "yearly_cents") VALUES
  ('public', 0, 'eur', NULL, NULL),
  ('strategy-circle', 10, 'eur', NULL, NULL),
  ('leadership-alliance', 20, 'eur', 4900, 49000);

INSERT INTO "tier_texts" ("tier_slug", "lang", "name", "blurb", "benefits") VALUES
  ('public', 'en', 'Public', 'Every signal, its classification and its sources, without an account.',
    ARRAY['Every briefing''s signal, facts and sources']),
  ('public', 'es', 'Público', 'Cada señal, su clasificación y sus fuentes, sin cuenta.',
    ARRAY['La señal, los datos y las fuentes de cada informe']),
  ('strategy-circle', 'en', 'Strategy Circle', 'Free for every reader who wants the context around a signal. Join and log in.',
    ARRAY['The deeper trend context of every briefing', 'A note on each linked organization']),
  ('strategy-circle', 'es', 'Círculo de Estrategia', 'Gratis para quien quiera el contexto de cada señal. Basta con unirse y entrar.',
    ARRAY['El contexto de tendencia de cada informe', 'Una nota sobre cada organización vinculada']),
  ('leadership-alliance', 'en', 'Leadership Alliance', 'For operators, investors and policy teams who act on what they read.',
    ARRAY['Relationship evidence', 'Failure paths', 'A note on every source', 'Everything the Strategy Circle reads']),
  ('leadership-alliance', 'es', 'Alianza de Liderazgo', 'Para operadores, inversores y equipos de política pública que actúan según lo que leen.',
    ARRAY['Evidencia de las relaciones', 'Vías de fallo', 'Una nota sobre cada fuente', 'Todo lo que lee el Círculo de Estrategia']);

INSERT INTO "gates" ("kind", "tier_slug") VALUES
  ('trend', 'strategy-circle'),
  ('organization', 'strategy-circle'),
  ('evidence', 'leadership-alliance'),
  ('failure_path', 'leadership-alliance'),
  ('source_note', 'leadership-alliance');
