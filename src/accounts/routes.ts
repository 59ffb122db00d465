import { Router } from 'express';
import type { Language } from '../lib/language';
import { joinDoor } from './join-door';
import { loginDoor } from './login-door';
import { logoutDoor } from './logout-door';
import type { Doors } from './threshold';

/** The ways in and out. */
export function accountRoutes(doors: Doors, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const door of [joinDoor, loginDoor, logoutDoor]) router.use(door(doors, language));
  return router;
}
