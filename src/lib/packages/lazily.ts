import { createRequire } from 'node:module';

const load = createRequire(__filename);

/**
 * A package that is loaded when it is used first: most processes never draw a picture or make a passkey, and none does
 * before its first page. Its name stands in a type import beside it, so that it is still seen to be used.
 */
export function lazily<T>(name: string, prepare: (loaded: T) => void = () => undefined): () => T {
  let loaded: T | undefined;
  return () => {
    if (loaded === undefined) {
      const fresh = load(name) as T;
      prepare(fresh);
      loaded = fresh;
    }
    return loaded;
  };
}
