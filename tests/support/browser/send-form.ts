import type { Page } from 'playwright-core';

/** What is typed or chosen, by the names of the fields. */
export type Typed = Readonly<Record<string, string>>;

/** Fills in the form that has these fields, and sends it by its last button, or by one of this name. */
export async function sendForm(page: Page, typed: Typed, button?: string): Promise<void> {
  const [first] = Object.keys(typed);
  const form =
    first === undefined ? page.locator('main form').last() : page.locator(`main form:has([name="${first}"])`);
  for (const [name, value] of Object.entries(typed)) {
    const field = form.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((one) => `${one.tagName} ${(one as unknown as { type: string }).type}`);
    if (kind.startsWith('SELECT')) await field.selectOption(value);
    else if (/radio|checkbox/.test(kind)) await form.locator(`[name="${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
  await (
    button === undefined
      ? form.locator('button').last()
      : form.getByRole('button', { name: button, exact: true }).last()
  ).click();
}
