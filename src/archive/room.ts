import type { Router } from 'express';
import { openAccountLimits } from '../accounts/account-limits';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import { exportRoutes, type ExportParts } from './routes';

/** Taking the whole publication out, in a language. */
export function openArchiveRoom(common: CommonParts): (language: Language) => Router {
  const { site, wall, bucket, databaseUrl, clock, redis, log } = common;
  const limits = openAccountLimits(redis);
  const parts: ExportParts = { site, wall, bucket, databaseUrl, clock, limits, log, running: { now: null } };
  return (language) => exportRoutes(parts, language);
}
