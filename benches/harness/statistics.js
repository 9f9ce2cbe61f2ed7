// What is said about samples.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the rounds, and the lowest and highest of them. */
export function summary(rounds) {
  return { median: median(rounds), lowest: Math.min(...rounds), highest: Math.max(...rounds) };
}

/** Each round's number over that of the yardstick in the same round. */
export function ratios(rounds, yardstick) {
  return summary(rounds.map((number, round) => number / yardstick[round]));
}

/** Each round's number less that of the yardstick in the same round. */
export function differences(rounds, yardstick) {
  return summary(rounds.map((number, round) => number - yardstick[round]));
}

/** To four significant digits, which is more than any measurement here is worth. */
export const rounded = (number) => Number(number.toPrecision(4));
