import type { AdminFrame } from '../page-types';
import type { HealthState } from './facts';

/** `/admin/health` as its template prints it. */
export interface HealthPage {
  readonly frame: AdminFrame;
  readonly summary: string;
  readonly lines: readonly {
    readonly name: string;
    readonly state: { readonly code: HealthState; readonly label: string };
    readonly message: string;
    readonly todo: string | null;
    /** Where it is done. */
    readonly href: string | null;
  }[];
}
