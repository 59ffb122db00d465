import type { Router } from 'express';
import { isFormReader, type FormReader } from './body';

/** What is read of Express's router (the package `router` 2.2, whose layers know whether they match a path). */
interface Layer {
  readonly match: (path: string) => boolean;
  readonly route?: { readonly stack: readonly { readonly method?: string; readonly handle: unknown }[] };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/**
 * The form that a router's route declares for what is posted to a path; null where there is no such route, or it reads
 * none.
 */
export function declaredForm(router: Router, path: string): FormReader | null {
  return formIn(router.stack as unknown as readonly Layer[], path);
}

function formIn(stack: readonly Layer[], path: string): FormReader | null {
  for (const layer of stack) {
    if (!matches(layer, path)) continue;
    const inner = layer.handle.stack ? formIn(layer.handle.stack, path) : null;
    const own = layer.route?.stack.find(({ method, handle }) => method === 'post' && isFormReader(handle))?.handle;
    if (inner ?? own) return (inner ?? own) as FormReader;
  }
  return null;
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    // An escape that is none: no route has it.
    return false;
  }
}
