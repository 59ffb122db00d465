import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import type {
  BriefingShape,
  GateGroup,
  KindShape,
  ListPlace,
  ListWord,
  PassageKind,
  ShapeGroup,
  Word,
  WordText,
} from './shape';

const withTexts = { texts: { orderBy: { lang: 'asc' } } } satisfies Prisma.ShapeWordInclude;
type WordRow = Prisma.ShapeWordGetPayload<{ include: typeof withTexts }>;

/** The shape of a briefing as this transaction sees it. */
export async function loadShape(db: WallTransaction): Promise<BriefingShape> {
  const rows = await db.shapeWord.findMany({
    include: withTexts,
    orderBy: [{ position: 'asc' }, { made: 'asc' }],
    relationLoadStrategy: 'join',
  });
  const of = <One extends Word>(group: ShapeGroup, read: (row: WordRow) => One): One[] =>
    rows.filter((row) => row.group === group).map(read);
  return {
    kinds: of('kinds', kindOf),
    types: of('types', wordOf),
    domains: of('domains', wordOf),
    facts: of('facts', wordOf),
    lists: of('lists', listOf),
    impact: of('impact', wordOf),
    relevance: of('relevance', wordOf),
    horizon: of('horizon', wordOf),
    bands: of('bands', wordOf),
  };
}

const wordOf = ({ slug, texts, retiredAt, made }: WordRow): Word => ({
  slug,
  texts: texts.map(({ lang, name, long }): WordText => ({ lang, name, long })),
  retired: retiredAt !== null,
  made,
});

// Postgres holds each column to these sets, and to being there where the group has it.
const kindOf = (row: WordRow): PassageKind => ({
  ...wordOf(row),
  shape: row.passageShape as KindShape,
  gateGroup: row.gateGroup as GateGroup,
  field: row.field!,
  keyless: row.keyless,
});

const listOf = (row: WordRow): ListWord => ({
  ...wordOf(row),
  place: row.place as ListPlace,
  anchor: row.anchor!,
  topLevel: row.topLevel,
});
