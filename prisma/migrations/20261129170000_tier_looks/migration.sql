-- What tells a tier from the others is data: its hue and emblem, and what is said where one joins it.

ALTER TABLE "tiers"
  ADD COLUMN "hue" text NOT NULL DEFAULT 'plain',
  ADD COLUMN "emblem" text NOT NULL DEFAULT 'lozenge',
  ADD CONSTRAINT "tiers_hue" CHECK ("hue" IN ('plain', 'green', 'gold', 'violet')),
  ADD CONSTRAINT "tiers_emblem" CHECK ("emblem" IN ('lozenge', 'ring', 'rings'));

-- Null: said in general words, with the tier's name.
ALTER TABLE "tier_texts"
  ADD COLUMN "join_label" text,
  ADD COLUMN "join_heading" text,
  ADD COLUMN "join_text" text;

UPDATE "tiers" SET "hue" = 'green', "emblem" = 'ring' WHERE "slug" = 'strategy-circle';
UPDATE "tiers" SET "hue" = 'gold', "emblem" = 'rings' WHERE "slug" = 'leadership-alliance';

UPDATE "tier_texts" SET
  "join_label" = 'Join the Strategy Circle',
  "join_heading" = 'Read the trend behind every signal',
  "join_text" = 'Joining is free and takes a minute. Afterwards you are back at the passage you came for.'
WHERE "tier_slug" = 'strategy-circle' AND "lang" = 'en';
UPDATE "tier_texts" SET
  "join_label" = 'Unirse al Círculo de Estrategia',
  "join_heading" = 'La tendencia que hay detrás de cada señal',
  "join_text" = 'Unirse es gratis y lleva un minuto. Después vuelve usted al pasaje que venía a leer.'
WHERE "tier_slug" = 'strategy-circle' AND "lang" = 'es';
UPDATE "tier_texts" SET
  "join_label" = 'Join the Leadership Alliance',
  "join_heading" = 'Read what proves it, and where it may break',
  "join_text" = 'For operators, investors and policy teams who act on what they read. Afterwards you are back at the passage you came for.'
WHERE "tier_slug" = 'leadership-alliance' AND "lang" = 'en';
UPDATE "tier_texts" SET
  "join_label" = 'Unirse a la Alianza de Liderazgo',
  "join_heading" = 'Lea qué lo prueba y por dónde puede fallar',
  "join_text" = 'Para operadores, inversores y equipos de política pública que actúan según lo que leen. Después vuelve al pasaje por el que vino.'
WHERE "tier_slug" = 'leadership-alliance' AND "lang" = 'es';
