/** How many whole months a year's price leaves out; 0 when it leaves out none, or not a whole number. Cents. */
export function savedMonths(month: number, year: number): number {
  const saved = (month * 12 - year) / month;
  return Number.isInteger(saved) && saved > 0 ? saved : 0;
}
