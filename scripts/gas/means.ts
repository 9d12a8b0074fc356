export const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** Rounded to the next whole unit of gas. */
export const mean = (values: number[]) => Math.round(sum(values) / values.length);
