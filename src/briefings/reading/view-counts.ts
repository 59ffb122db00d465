import { HIGHEST_RANK } from '../../access/viewer';
import type { BriefingShape } from '../../site/shape/shape';
import { Prisma } from '../../stores/prisma/client';
import type { Sums } from '../../stores/counters';
import type { WallTransaction } from '../../stores/postgres/wall';
import { sectionOf } from './gates';

/** How far a gate has led. */
export type GateStep = 'shown' | 'begun' | 'done';

/**
 * What one reading of a briefing's page counts for: the reading, and each gate that stood on it. Nothing for those who
 * read everything because they work here.
 */
export function countsOf(
  slug: string,
  rank: number,
  gates: readonly { readonly tier: { readonly slug: string } }[],
): readonly string[] {
  if (rank >= HIGHEST_RANK) return [];
  return [`read ${slug} ${rank}`, ...gates.map(({ tier }) => gateCount(tier.slug, slug, 'shown'))];
}

const gateCount = (tier: string, slug: string, step: GateStep): string => `gate ${tier} ${slug} ${step}`;

/** The address a gate gives along: a briefing and the section in it, where one comes back to. */
const FROM_A_GATE = /^(?:\/[a-z]{2,3}(?:-[A-Za-z0-9]+)*)?\/briefings\/([a-z0-9-]{1,80})(?:\?[^#]*)?#([a-z0-9-]+)$/;

/**
 * What it counts for that somebody is at a door who wants to go there afterwards; nothing where they did not come from
 * a gate.
 */
export function countsFromGate(
  shape: Pick<BriefingShape, 'kinds'>,
  tier: string,
  next: string | null,
  step: Exclude<GateStep, 'shown'>,
): readonly string[] {
  const [, slug, section] = FROM_A_GATE.exec(next ?? '') ?? [];
  if (slug === undefined || !shape.kinds.some((kind) => sectionOf(shape, kind.slug) === section)) return [];
  return [gateCount(tier, slug, step)];
}

/** The published briefing of a slug `n.slug`, which it has or had. */
const BRIEFING = Prisma.sql`JOIN briefings b ON (
  b.slug = n.slug OR b.id = (SELECT f.briefing_id FROM former_slugs f WHERE f.slug = n.slug)
) AND b.state = 'published'`;

/**
 * Readings at a former rank are readings at the new one from now on, so that what a tier's readers have read goes along
 * when it is moved. Sums are never deleted, so the former ones are empty afterwards.
 */
export async function renumberReaders(db: WallTransaction, former: number, rank: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO read_counts (day, briefing_id, rank, reads)
    SELECT day, briefing_id, ${rank}::int, reads FROM read_counts WHERE rank = ${former} ORDER BY day, briefing_id
    ON CONFLICT (day, briefing_id, rank) DO UPDATE SET reads = read_counts.reads + excluded.reads`;
  await db.$executeRaw`UPDATE read_counts SET reads = 0 WHERE rank = ${former}`;
}

/**
 * Writes sums down as those of a day (`2026-11-30`), on top of what is there. Whatever names no published briefing and
 * no tier of ours is dropped: an address is easily made up. The transaction must be the desk's.
 */
export async function writeCounts(db: WallTransaction, sums: Sums, today: string): Promise<void> {
  const parts = [...sums].map(([name, times]) => ({ words: name.split(' '), times }));
  const reads = parts.flatMap(({ words: [kind, slug = '', rank], times }) =>
    kind === 'read' ? [{ slug, rank: Number(rank), times }] : [],
  );
  const gates = parts.flatMap(({ words: [kind, tier = '', slug = '', step], times }) =>
    kind === 'gate' ? [{ tier, slug, step, times }] : [],
  );
  const day = Prisma.sql`${today}::date`;
  // Everybody adds in one order, so that two processes never wait for each other.
  if (reads.length > 0) {
    await db.$executeRaw`
      INSERT INTO read_counts (day, briefing_id, rank, reads)
      SELECT ${day}, b.id, n.rank, sum(n.times)
      FROM unnest(
        ${reads.map(({ slug }) => slug)}::text[],
        ${reads.map(({ rank }) => rank)}::int[],
        ${reads.map(({ times }) => times)}::int[]
      ) AS n(slug, rank, times)
      ${BRIEFING} GROUP BY b.id, n.rank ORDER BY 2, 3
      ON CONFLICT (day, briefing_id, rank) DO UPDATE SET reads = read_counts.reads + excluded.reads`;
  }
  if (gates.length > 0) {
    const of = (step: GateStep) => Prisma.sql`coalesce(sum(n.times) FILTER (WHERE n.step = ${step}), 0)`;
    await db.$executeRaw`
      INSERT INTO gate_counts (day, briefing_id, tier_slug, shown, begun, done)
      SELECT ${day}, b.id, t.slug, ${of('shown')}, ${of('begun')}, ${of('done')}
      FROM unnest(
        ${gates.map(({ tier }) => tier)}::text[],
        ${gates.map(({ slug }) => slug)}::text[],
        ${gates.map(({ step }) => step)}::text[],
        ${gates.map(({ times }) => times)}::int[]
      ) AS n(tier, slug, step, times)
      ${BRIEFING}
      JOIN tiers t ON t.slug = n.tier GROUP BY b.id, t.slug ORDER BY 2, 3
      ON CONFLICT (day, briefing_id, tier_slug) DO UPDATE SET
        shown = gate_counts.shown + excluded.shown,
        begun = gate_counts.begun + excluded.begun,
        done = gate_counts.done + excluded.done`;
  }
}
