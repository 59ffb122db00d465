import type { WallTransaction } from '../stores/postgres/wall';

/** Another organization, and in how many of these briefings it appears together with this one. */
export interface Neighbour {
  readonly slug: string;
  readonly name: string;
  readonly together: number;
}

/** Neighbours that are drawn: as many as a circle has room for. */
export const MOST_NEIGHBOURS = 12;

/**
 * Who appears together with an organization in these briefings, most often first: by what briefings say in public. A
 * note is about its own organization alone, so nothing gated makes an edge.
 */
export async function findNeighbours(
  db: WallTransaction,
  slug: string,
  briefings: readonly string[],
): Promise<Neighbour[]> {
  return db.$queryRaw<Neighbour[]>`
    SELECT o.slug, o.name, count(*)::int AS together FROM linked_organizations k
    JOIN organizations o ON o.slug = k.organization_slug
    WHERE k.briefing_id = ANY (${[...briefings]}::uuid[]) AND k.organization_slug <> ${slug}
    GROUP BY o.slug, o.name ORDER BY together DESC, o.name, o.slug LIMIT ${MOST_NEIGHBOURS}`;
}

/** A neighbour as it is drawn. Units of the drawing's own. */
export interface Node extends Neighbour {
  readonly x: number;
  readonly y: number;
  /** Of the line that leads to it. */
  readonly width: number;
  /** Where its name stands. */
  readonly text: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' };
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly center: { readonly x: number; readonly y: number };
  readonly nodes: readonly Node[];
}

const [WIDTH, HEIGHT, RADIUS] = [720, 420, 150];

/**
 * The neighbours around the middle, from the top and then clockwise; a line is the wider the more briefings they share.
 */
export function drawNetwork(neighbours: readonly Neighbour[]): Drawing {
  const center = { x: WIDTH / 2, y: HEIGHT / 2 };
  const most = Math.max(1, ...neighbours.map(({ together }) => together));
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    width: WIDTH,
    height: HEIGHT,
    center,
    nodes: neighbours.map((one, index) => {
      const angle = (2 * Math.PI * index) / neighbours.length - Math.PI / 2;
      const [across, down] = [Math.cos(angle), Math.sin(angle)];
      const upright = Math.abs(across) < 0.2;
      return {
        ...one,
        x: round(center.x + RADIUS * across),
        y: round(center.y + RADIUS * down),
        width: round(1 + (3 * one.together) / most),
        text: {
          x: round(center.x + (RADIUS + (upright ? 0 : 14)) * across),
          y: round(center.y + (RADIUS + (upright ? 20 : 14)) * down + 4),
          anchor: upright ? 'middle' : across > 0 ? 'start' : 'end',
        },
      };
    }),
  };
}
