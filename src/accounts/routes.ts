import { Router } from 'express';
import type { Language } from '../lib/language';
import { joinFormRoutes } from './join-form';
import { joinConfirmRoutes } from './links/join-confirm';
import { loginFormRoutes } from './login-form';
import { logoutRoutes } from './logout';
import type { AuthParts } from './auth-pages';

/** The ways in and out. */
export function accountRoutes(auth: AuthParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const door of [joinFormRoutes, joinConfirmRoutes, loginFormRoutes, logoutRoutes])
    router.use(door(auth, language));
  return router;
}
