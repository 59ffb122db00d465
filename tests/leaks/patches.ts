import { WallClient, type TransactionContext } from '../../src/stores/postgres/wall-client';
import type { Matrix } from '../../src/access/matrix';
import type { Viewer } from '../../src/access/viewer';

/**
 * Functions of the application that a test may put a fault into. It exists only here: what is built has no such
 * switch. Import it before anything of the application.
 */
type Any = (...args: never[]) => unknown;
type Patch = (actual: (...args: unknown[]) => never, ...args: never[]) => unknown;

const patches = new Map<string, Patch>();

/** From now on calls of that function go to `by`, which is also given the real one. */
export function put(name: keyof typeof PATCHABLE, by: Patch): void {
  patches.set(name, by);
}

/** As it was. */
export function mend(): void {
  patches.clear();
  jest.restoreAllMocks();
}

/** The first wall says yes to everything, wherever it is asked. */
export function withoutTheRule(): void {
  // Which text is the one of now is no rule: former ones would stand in its place for those who may read both.
  put('readablePassages', () => ({ untilRevision: null }));
  put('whereVisible', () => ({}));
  put('canSeeBriefing', () => true);
  put('decideRevision', () => 'open');
  put('readable', (_actual, matrix: Matrix) => ({
    kinds: Object.keys(matrix.opens),
    tiers: matrix.tiers.map(({ slug }) => slug),
  }));
  put('decide', (_actual, matrix: { tiers: readonly object[] }) => ({ allowed: true, because: matrix.tiers[0] }));
}

/** Each transaction begins in the name of somebody else than who asks, visitors' too, which need no signature. */
export function signFor(change: (viewer: Viewer) => Viewer): void {
  type Open = (this: WallClient, begin: string, context: TransactionContext) => Promise<unknown>;
  const prototype = WallClient.prototype as unknown as { open: Open };
  const open = Object.getOwnPropertyDescriptor(prototype, 'open')!.value as Open;
  jest.spyOn(prototype, 'open').mockImplementation(function (this: WallClient, begin, context) {
    return open.call(this, begin, { ...context, viewer: change(context.viewer) });
  });
}

const PATCHABLE = {
  decide: 'access/matrix',
  canSeeBriefing: 'access/briefings',
  decideRevision: 'access/revisions',
  giftState: 'access/gifts',
  readable: 'access/matrix',
  readablePassages: 'briefings/reading/rows',
  whereVisible: 'briefings/reading/rows',
  readBriefingAs: 'briefings/reading/queries',
  readRevisionsAs: 'briefings/revisions/queries',
  readCategory: 'briefings/reading/queries',
  readSeveralAs: 'briefings/articles/several-articles',
  findPage: 'briefings/reading/cards',
  briefingPage: 'briefings/reading/briefing-page',
  readPicture: 'briefings/pictures/queries',
  mayReadPicture: 'briefings/pictures/queries',
  gateViews: 'briefings/reading/gates',
  describeArticle: 'briefings/reading/json-ld',
  briefing: 'api/briefing',
  readSearch: 'search/queries',
  layoutOf: 'http/layout/page-layout',
  loadReader: 'membership/reader',
  healthRoutes: 'http/server/health',
  openProbe: 'stores/postgres/probe',
  editorsOnly: 'desk/staff',
} as const;

for (const file of new Set(Object.values(PATCHABLE))) {
  const at = `../../src/${file}`;
  jest.mock(at, () => {
    const actual = jest.requireActual<Record<string, unknown>>(at);
    const names = Object.entries(PATCHABLE)
      .filter(([, other]) => other === file)
      .map(([name]) => name);
    const gone = names.filter((name) => typeof actual[name] !== 'function');
    if (gone.length > 0) throw new Error(`${gone.join(', ')} moved away from src/${file}: no fault would be planted`);
    return {
      ...actual,
      ...Object.fromEntries(
        names.map((name) => [
          name,
          (...args: never[]) => {
            const real = actual[name] as Any;
            const by = patches.get(name);
            return by ? by(real as never, ...args) : real(...args);
          },
        ]),
      ),
    };
  });
}
