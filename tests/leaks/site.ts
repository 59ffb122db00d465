import { nameRun } from '../../src/leaks/plant';
import { askOracle, setScene, type Asked, type Scene, type Site, type Verdict } from '../../src/leaks/oracle';
import { listRoutes } from '../../src/leaks/routes';
import { SURFACES } from '../../src/leaks/rows';
import type { Surface } from '../../src/leaks/surfaces';
import { VISITORS, type VisitorPlan } from '../../src/leaks/visitors';
import { SESSION_SECRET, type Dossier } from '../support/dossier';

export const siteOf = (dossier: Dossier): Site => ({ origin: dossier.url, routes: listRoutes(dossier.app.router), prefixes: ['', '/es'] });

/** Plants a scene in a Dossier of the suite. */
export const sceneOf = ({ wall, sessionStore }: Dossier, plans: readonly VisitorPlan[] = VISITORS): Promise<Scene> =>
  setScene(nameRun(), wall, { wall, sessionStore, sessionSecret: SESSION_SECRET, https: false }, plans);

/** A walk of the pages near passages alone, as these visitors: enough to find what is wrong there. */
export function shortWalk(dossier: Dossier, scene: Scene, names: readonly string[], wanted: (surface: Surface) => boolean = ({ near }) => near !== undefined, asked: Asked = {}): Promise<Verdict> {
  const site = siteOf(dossier);
  const surfaces = SURFACES.map((surface): Surface => (wanted(surface) ? surface : { route: surface.route, optional: true, exempt: 'not in this test' }));
  return askOracle(site, { ...scene, visitors: scene.visitors.filter(({ name }) => names.includes(name)) }, { surfaces, ...asked });
}
