import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import type { CommonParts } from '../../http/common-parts';
import { onlyMethods } from '../../http/errors';
import type { Readiness } from '../../http/server/health';
import type { Language } from '../../lib/language';
import { root } from '../../lib/root';
import { readBacklog } from '../../stores/postgres/backlog';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminParts } from '../parts';
import { staffOnly } from '../staff';
import { healthLines, type HealthFacts, type HealthLine } from './facts';
import type { HealthPage } from './page-types';

export interface HealthParts extends AdminParts {
  readonly vitals: CommonParts['vitals'];
  readonly bucket: CommonParts['bucket'];
  readonly readiness: Readiness;
  readonly mailServer: boolean;
  readonly payments: boolean;
}

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** `/admin/health`: how the installation does, in words, and what to do about it. */
export function healthSectionRoutes(parts: HealthParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/health')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show(parts: HealthParts, language: Language, req: Request, res: Response): Promise<void> {
  const { say } = language;
  const lines = healthLines(await factsOf(parts));
  const worst = (['wrong', 'look', 'good'] as const).find((state) => lines.some((one) => one.state === state))!;
  const page: HealthPage = {
    frame: adminFrame(language, req, res, 'health', say('admin.health.heading')),
    summary: say(`admin.health.summary.${worst}`),
    lines: lines.map((line) => viewOf(line, language)),
  };
  await renderAdmin(parts.site, language, req, res, 'health', '/admin/health', page);
}

async function factsOf({ wall, vitals, bucket, readiness, mailServer, payments }: HealthParts): Promise<HealthFacts> {
  const begun = performance.now();
  const backlog = await readBacklog(wall);
  const took = performance.now() - begun;
  const holds = async (check: (() => Promise<unknown>) | undefined): Promise<'ready' | 'wrong' | null> =>
    check
      ? check().then(
          (errors) => (errors ? 'wrong' : 'ready'),
          () => 'wrong' as const,
        )
      : null;
  return {
    ...{ backlog, took, mailServer, payments },
    migrationsReady: (await holds(readiness['migrations'])) !== 'wrong',
    redis: await holds(readiness['redis']),
    bucket: await holds(bucket ? () => bucket.check() : undefined),
    heardAgo: vitals.heardAgo(),
    versions: { software: version, node: process.versions.node },
  };
}

function viewOf(
  { name, state, message, todo, values, href }: HealthLine,
  { say, prefix }: Language,
): HealthPage['lines'][number] {
  return {
    name: say(`admin.health.${name}`),
    state: { code: state, label: say(`admin.health.state.${state}`) },
    message: say(`admin.health.${message}`, values),
    todo: todo === null ? null : say(`admin.health.${todo}`, values),
    href: href === undefined ? null : `${prefix}${href}`,
  };
}
