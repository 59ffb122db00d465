import type { Matrix } from '../../access/matrix';
import { accountsViewer, adminViewer, editorialViewer } from '../../access/viewer';
import { toEnum } from '../../briefings/vocabulary';
import { tallyPublished, type PassageTally } from '../../briefings/writing/passages';
import type { Language } from '../../lib/language';
import { loadShape } from '../../site/shape/load';
import { kindName, type BriefingShape } from '../../site/shape/shape';
import { loadMatrix } from '../../membership/matrix';
import { countByRank } from '../../membership/members';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import type { AdminAction, Rejection } from '../action/perform';
import { versionOf, type Fields } from '../action/submission';
import { nameTiers, type TierNames } from '../tier-names';
import type { TierParts } from '../tiers/parts';
import { changedKinds, previewEffect, type Choices, type MatrixEffect } from './effect';

export const AUDIT_ACTION = 'matrix-changed';

/** The matrix and what it concerns, in one snapshot, with what was chosen and what that would do. */
export interface MatrixCase {
  readonly shape: BriefingShape;
  readonly matrix: Matrix;
  readonly tiers: TierNames;
  readonly tallies: readonly PassageTally[];
  readonly now: Date;
  /** Kinds whose choice is no tier; they stay as they are. */
  readonly wrong: readonly string[];
  readonly choices: Choices;
  readonly effect: MatrixEffect;
}

/** Reads the matrix; behind the wall as an editor or an admin, who read every passage. */
export async function readMatrixCase(
  db: WallTransaction,
  language: Language,
  fields: Fields,
  members: ReadonlyMap<number, number>,
): Promise<MatrixCase> {
  const matrix = await loadMatrix(db);
  const shape = await loadShape(db);
  const kinds = shape.kinds.map(({ slug }) => slug);
  const tallies = await tallyPublished(db, kinds);
  const now = await momentOf(db);
  const typed = new Map(shape.kinds.map((kind) => [kind.slug, fields[kindName(kind)]]));
  const isTier = (given: string | undefined) => matrix.tiers.some(({ slug }) => slug === given);
  const error = kinds.filter((kind) => typed.get(kind) !== undefined && !isTier(typed.get(kind)));
  const chosen = (kind: string) => (error.includes(kind) ? undefined : typed.get(kind)) ?? matrix.opens[kind];
  const choices: Choices = Object.fromEntries(
    kinds.flatMap((kind) => {
      const tier = chosen(kind);
      return tier === undefined ? [] : [[kind, tier]];
    }),
  );
  return {
    shape,
    matrix,
    tiers: await nameTiers(db, language),
    tallies,
    now,
    wrong: error,
    choices,
    effect: previewEffect(matrix, choices, tallies, members, now),
  };
}

/** The case as it is now, with the members whom it concerns. */
export async function loadMatrixCase(
  { wall, clock }: Pick<TierParts, 'wall' | 'clock'>,
  language: Language,
  fields: Fields,
): Promise<MatrixCase> {
  const members = await wall.read(accountsViewer, (db) => countByRank(db, clock.now()));
  return wall.read(editorialViewer, (db) => readMatrixCase(db, language, fields, members));
}

/** What keeps a choice from being made: it is none, or what is there already. */
export function rejectionOf({ wrong: errors, matrix, choices }: MatrixCase, { say }: Language): Rejection | null {
  if (errors.length > 0) return { status: 422 };
  return changedKinds(matrix, choices).length === 0 ? { status: 422, error: say('admin.matrix.nothing') } : null;
}

/** What a decision rests on: members come and go each minute, so they are said and not held against it. */
export const matrixVersion = ({ matrix, effect: { shifts, stays } }: MatrixCase): string =>
  versionOf([matrix, shifts.map(({ members: _members, ...shift }) => shift), stays]);

/** Did somebody agree that it becomes public, where it does? */
export const isAgreed = ({ effect }: MatrixCase, fields: Fields): boolean =>
  effect.madePublic.length === 0 || fields['public'] === 'yes';

/** Opens and closes kinds of passages. */
export const matrixAction = (parts: TierParts, language: Language, fields: Fields): AdminAction<MatrixCase> => ({
  name: AUDIT_ACTION,
  targetId: 'matrix',
  reason: 'required',
  changed: 'admin.matrix.changed',
  load: () => loadMatrixCase(parts, language, fields),
  check: (it) => rejectionOf(it, language),
  version: matrixVersion,
  consent: (it) => isAgreed(it, fields),
  wall: parts.invalidatingWall,
  viewer: adminViewer,
  lock: (db) => db.$queryRaw`SELECT 1 FROM gates ORDER BY kind FOR UPDATE`,
  reload: (db) => readMatrixCase(db, language, fields, new Map()),
  entry: ({ matrix, choices, effect }) => {
    const opens = (by: Choices) =>
      Object.fromEntries(changedKinds(matrix, choices).map((kind) => [`opens-${kind}`, by[kind] ?? null]));
    return {
      target: { kind: 'matrix', id: 'matrix', name: 'gate matrix' },
      before: opens(matrix.opens),
      after: { ...opens(choices), ...countsOf(effect) },
    };
  },
  write: async (db, { matrix, choices }) => {
    for (const kind of changedKinds(matrix, choices)) {
      const [where, data] = [{ kind: toEnum(kind) }, { tierSlug: choices[kind]! }];
      // A kind that has no gate yet gets one.
      await db.gate.upsert({ where, create: { ...where, ...data }, update: data, select: { kind: true } });
    }
  },
});

/** For the audit log: how much was opened and closed. */
function countsOf({ shifts, madePublic }: MatrixEffect): Record<string, string | number | boolean> {
  const sum = (opens: boolean) =>
    shifts.filter((shift) => shift.opens === opens).reduce((all, { passages }) => all + passages, 0);
  return {
    'passages-opened': sum(true),
    'passages-closed': sum(false),
    ...(madePublic.length > 0 ? { 'made-public': madePublic.join(', ') } : {}),
  };
}
