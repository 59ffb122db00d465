import type { FormField, PasskeyForm } from '../accounts/page-types';
import type { AdminFrame } from '../admin/page-types';

/** What the templates of webhooks print. */

export interface WebhooksPage {
  readonly frame: AdminFrame;
  readonly intro: string;
  readonly make: string;
  readonly rows: readonly {
    readonly href: string;
    readonly name: string;
    readonly url: string;
    readonly events: string;
    readonly state: string;
    readonly paused: boolean;
  }[];
}

/** The form of a new one, and the question before something is done with one. */
export interface WebhookFormPage {
  readonly frame: AdminFrame;
  readonly text: string;
  readonly error: string | null;
  /** Null: only a passkey would prove who sits there. */
  readonly action: string | null;
  readonly fields: readonly FormField[];
  readonly events: readonly { readonly value: string; readonly label: string; readonly checked: boolean }[];
  readonly eventsError: string | null;
  readonly proof: readonly FormField[];
  readonly prove: PasskeyForm | null;
  readonly submit: string;
  readonly hurts: boolean;
  readonly back: string;
}

export interface WebhookSecretPage {
  readonly frame: AdminFrame;
  readonly secret: string;
  readonly back: string;
}

export interface WebhookPage {
  readonly frame: AdminFrame;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly warning: string | null;
  /** What happens while it is paused, and how much of it waits; null: it is not paused. */
  readonly waits: string | null;
  readonly acts: readonly {
    readonly action: string;
    readonly label: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly links: readonly { readonly href: string; readonly label: string }[];
  readonly deliveries: readonly {
    readonly id: string;
    readonly event: string;
    readonly about: string;
    readonly when: string;
    readonly state: string;
    readonly failed: boolean;
    readonly answer: string;
    readonly again: string | null;
  }[];
  readonly steps: { readonly previous: string | null; readonly next: string | null };
}
