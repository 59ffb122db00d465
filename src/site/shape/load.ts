import type { WallTransaction } from '../../stores/postgres/wall';
import { DELIVERED_SHAPE } from './delivered';
import type { BriefingShape } from './shape';

/** The shape of a briefing as this transaction sees it. */
export function loadShape(_db: WallTransaction): Promise<BriefingShape> {
  return Promise.resolve(DELIVERED_SHAPE);
}
