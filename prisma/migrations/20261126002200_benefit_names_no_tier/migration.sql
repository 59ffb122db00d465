-- A benefit as delivered named another tier, and would go on naming it once that is called something else.
UPDATE "tier_texts" SET "benefits" = array_replace("benefits", 'Everything the Strategy Circle reads', 'Everything a free membership opens') WHERE "lang" = 'en';
UPDATE "tier_texts" SET "benefits" = array_replace("benefits", 'Todo lo que lee el Círculo de Estrategia', 'Todo lo que abre la membresía gratuita') WHERE "lang" = 'es';
