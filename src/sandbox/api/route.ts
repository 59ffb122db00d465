import type { World } from '../world';
import type { Form } from './form';
import { read, type Read, type Shape } from './params';

/** What a handler is given. */
export interface RouteRequest<S extends Shape> {
  readonly world: World;
  /** The ids in the address, in their order. */
  readonly ids: readonly string[];
  readonly params: Read<S>;
}

/** A request that was understood and not yet done. */
export type Ready = () => object;

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly pattern: RegExp;
  /** @throws StripeFailure when the parameters are wrong; then nothing was done. */
  prepare(world: World, ids: readonly string[], form: Form): Ready;
}

/** `path` names ids as `:id`. `expand` is taken off every request before. */
export function route<S extends Shape>(
  method: Route['method'],
  path: string,
  shape: S,
  handle: (request: RouteRequest<S>) => object,
): Route {
  return {
    method,
    pattern: new RegExp(`^/v1/${path.replace(/:[a-z]+/g, '([^/]+)')}$`),
    prepare(world, ids, form) {
      const params = read(shape, form);
      return () => handle({ world, ids, params });
    },
  };
}

/** The only id of an address. */
export function theId({ ids }: { readonly ids: readonly string[] }): string {
  return ids[0] ?? '';
}
