import { isDeepStrictEqual } from 'node:util';
import { visitor } from '../../access/viewer';
import { CachedValue } from '../../stores/cached-value';
import type { Wall } from '../../stores/postgres/wall';
import { DELIVERED_SHAPE } from './delivered';
import { loadShape } from './load';
import type { BriefingShape, CurrentShape } from './shape';

/**
 * The shape of a briefing, kept in memory until a change is heard of. It stays one object until something of it
 * changes: what is made from it is made once.
 */
export class ShapeCatalogue implements CurrentShape {
  private readonly stored: CachedValue<BriefingShape>;

  constructor(wall: Wall) {
    this.stored = new CachedValue<BriefingShape>(async () => {
      const [known, read] = [this.stored.current, await wall.read(visitor, loadShape)];
      return isDeepStrictEqual(known, read) ? known : read;
    }, DELIVERED_SHAPE);
  }

  /** Reads it again where it may have changed (`CachedValue.refresh`). */
  refresh(): Promise<void> {
    return this.stored.refresh();
  }

  /** It may have changed. */
  invalidate(): void {
    this.stored.invalidate();
  }

  get current(): BriefingShape {
    return this.stored.current;
  }
}
