import type { BriefingShape, KindShape, Word, WordText } from './shape';

const texts = (en: string, es: string, longEn: string | null = null, longEs: string | null = null): WordText[] => [
  { lang: 'en', name: en, long: longEn },
  { lang: 'es', name: es, long: longEs },
];
const word = (slug: string, made: number, of: WordText[]): Word => ({ slug, texts: of, retired: false, made });
const kind = (
  slug: string,
  made: number,
  [shape, gateGroup, field]: readonly [KindShape, 'context' | 'proof', string],
  of: WordText[],
) => ({ ...word(slug, made, of), shape, gateGroup, field, keyless: slug === 'trend' });
const list = (slug: string, made: number, [place, anchor]: readonly ['story' | 'aside', string], of: WordText[]) => ({
  ...word(slug, made, of),
  place,
  anchor,
  topLevel: true,
});

/**
 * The shape of a briefing as it is delivered: what the migration of its tables writes, and what is so until they have
 * been read for the first time. From then on the rows say what is.
 */
export const DELIVERED_SHAPE: BriefingShape = {
  kinds: [
    kind(
      'trend',
      0,
      ['list', 'context', 'trend'],
      texts('Trend context', 'Contexto de tendencia', 'Deeper trend context', 'Contexto de tendencia'),
    ),
    kind(
      'organization',
      1,
      ['per-organization', 'context', 'note'],
      texts(
        'Organization note',
        'Nota sobre la organización',
        'Linked-organization notes',
        'Notas sobre organizaciones vinculadas',
      ),
    ),
    kind(
      'evidence',
      2,
      ['list', 'proof', 'evidence'],
      texts('Evidence', 'Evidencia', 'Relationship evidence', 'Evidencia de la relación'),
    ),
    kind(
      'failure-path',
      3,
      ['list', 'proof', 'failure-path'],
      texts('Failure path', 'Vía de fallo', 'Failure paths', 'Vías de fallo'),
    ),
    kind(
      'source-note',
      4,
      ['per-source', 'proof', 'note'],
      texts('Source note', 'Nota de fuente', 'Source notes', 'Notas de fuente'),
    ),
  ],
  types: [
    word('signal', 0, texts('Signal Briefing', 'Informe de señal')),
    word('trend', 1, texts('Trend Briefing', 'Informe de tendencia')),
    word('policy', 2, texts('Policy Briefing', 'Informe de política pública')),
    word('risk', 3, texts('Risk Briefing', 'Informe de riesgo')),
  ],
  domains: [
    word('technology', 0, texts('Technology', 'Tecnología')),
    word('policy', 1, texts('Policy', 'Política pública')),
    word('economy', 2, texts('Economy', 'Economía')),
    word('security', 3, texts('Security', 'Seguridad')),
    word('energy', 4, texts('Energy', 'Energía')),
  ],
  facts: [
    word('signal', 0, texts('Signal', 'Señal')),
    word('signal-type', 1, texts('Signal type', 'Tipo de señal')),
    word('region', 2, texts('Region', 'Región')),
    word('market-class', 3, texts('Market class', 'Clase de mercado')),
  ],
  lists: [
    list('market-context', 0, ['story', 'market'], texts('Market context', 'Contexto de mercado')),
    list('operating-surface', 1, ['aside', 'surface'], texts('Operating surface', 'Superficie operativa')),
    list('what-to-watch', 2, ['aside', 'watch'], texts('What to watch', 'Qué vigilar')),
  ],
  impact: [
    word('low', 0, texts('Low', 'Bajo', 'Low impact', 'Impacto bajo')),
    word('medium', 1, texts('Medium', 'Medio', 'Medium impact', 'Impacto medio')),
    word('high', 2, texts('High', 'Alto', 'High impact', 'Impacto alto')),
  ],
  relevance: [
    word('low', 0, texts('Low', 'Baja')),
    word('medium', 1, texts('Medium', 'Media')),
    word('high', 2, texts('High', 'Alta')),
  ],
  horizon: [
    word('near', 0, texts('Near term', 'Corto plazo')),
    word('medium', 1, texts('Medium term', 'Medio plazo')),
    word('longer', 2, texts('Longer term', 'Largo plazo')),
  ],
  bands: [
    word(
      'watch',
      0,
      texts(
        'Internal monitoring',
        'Seguimiento interno',
        'Internal monitoring ({percent})',
        'Seguimiento interno ({percent})',
      ),
    ),
    word('d', 1, texts('Weak signal', 'Señal débil', 'Weak signal ({percent})', 'Señal débil ({percent})')),
    word(
      'cd',
      2,
      texts(
        'Weak to medium',
        'Entre débil y media',
        'Weak to medium confidence ({percent})',
        'Confianza entre débil y media ({percent})',
      ),
    ),
    word('bc', 3, texts('Medium', 'Media', 'Medium confidence ({percent})', 'Confianza media ({percent})')),
    word('ab', 4, texts('Strong', 'Sólida', 'Strong confidence ({percent})', 'Confianza sólida ({percent})')),
    word(
      'a',
      5,
      texts(
        'High: direct sources',
        'Alta: fuentes directas',
        'High confidence ({percent})',
        'Confianza alta ({percent})',
      ),
    ),
  ],
};
