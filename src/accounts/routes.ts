import { Router } from 'express';
import type { Language } from '../lib/language';
import { joinFormRoutes } from './join/routes';
import { joinConfirmRoutes } from './join/confirm';
import { loginFormRoutes } from './login/routes';
import { logoutRoutes } from './login/logout';
import type { AuthParts } from './auth-pages';

/** The ways in and out. */
export function accountRoutes(auth: AuthParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const door of [joinFormRoutes, joinConfirmRoutes, loginFormRoutes, logoutRoutes])
    router.use(door(auth, language));
  return router;
}
