import { randomUUID } from 'node:crypto';
import type { AdminButton } from '../page-types';

/** A button whose form is sent once: its id becomes the id of the audit entry. */
export function submitOnceButton(
  action: string,
  label: string,
  fields: Readonly<Record<string, string>> = {},
): AdminButton {
  return {
    action,
    label,
    hidden: [
      ...Object.entries(fields).map(([name, value]) => ({ name, value })),
      { name: 'once', value: randomUUID() },
    ],
  };
}
