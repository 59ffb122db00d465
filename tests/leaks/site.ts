import { nameRun } from '../../src/leaks/plant';
import { runOracle, setScene, type OracleOptions, type Scene, type Site, type Verdict } from '../../src/leaks/oracle';
import { listRoutes } from '../../src/http/server/routes';
import { SURFACES } from '../../src/leaks/surface-list';
import type { Surface } from '../../src/leaks/surface';
import { VISITORS, type VisitorPlan } from '../../src/leaks/visitors';
import { SESSION_SECRET, type Dossier } from '../support/dossier';

export const siteOf = (dossier: Dossier, prefixes: readonly string[] = ['', '/es']): Site => ({
  origin: dossier.url,
  routes: listRoutes(dossier.app.router),
  prefixes,
});

/** The languages of a Dossier of the suite. */
const LANGS = ['en', 'es'];

/** Plants a scene in a Dossier of the suite, which has these languages. */
export const sceneOf = (
  { wall, sessionStore }: Dossier,
  plans: readonly VisitorPlan[] = VISITORS,
  langs: readonly string[] = LANGS,
): Promise<Scene> =>
  setScene(nameRun(), wall, { wall, sessionStore, sessionSecret: SESSION_SECRET, https: false }, langs, plans);

/** Part of a walk: enough where a test knows what it looks for. */
export interface ShortWalk {
  readonly names: readonly string[] | 'all';
  /** Rows of the table by their route. */
  readonly routes: readonly string[];
  /** Every address of theirs, not only those near passages? */
  readonly all?: boolean;
  /** Every variant there? */
  readonly near?: boolean;
  /** What addresses of each language begin with. */
  readonly prefixes?: readonly string[];
  /** Rows besides. */
  readonly more?: readonly Surface[];
}

export function shortWalk(
  dossier: Dossier,
  scene: Scene,
  { names, routes, all = false, near = false, prefixes, more = [] }: ShortWalk,
  asked: OracleOptions = {},
): Promise<Verdict> {
  const surfaces = SURFACES.map((surface): Surface => {
    if (!routes.includes(String(surface.route)))
      return { route: surface.route, optional: true, exempt: 'not in this test' };
    const { near: close, addresses, ...others } = surface;
    // A route that is its own address is asked there.
    if (!close && !addresses && all) return surface;
    return {
      ...others,
      ...(close && near ? { near: close } : {}),
      addresses: (planted, visitor) => [
        ...new Set([
          ...(close && !near ? close(planted, visitor) : []),
          ...(all ? (addresses?.(planted, visitor) ?? []) : []),
        ]),
      ],
    };
  });
  const visitors = names === 'all' ? scene.visitors : scene.visitors.filter(({ name }) => names.includes(name));
  return runOracle(siteOf(dossier, prefixes), { ...scene, visitors }, { surfaces: [...surfaces, ...more], ...asked });
}
