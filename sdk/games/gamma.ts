/**
 * The upper regularized incomplete gamma function: how often a chi-square of 2a degrees is above 2x.
 * By its series below a + 1 and by Lentz's continued fraction above; W. H. Press et al., Numerical Recipes, section 6.2.
 */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - lnGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * Number.EPSILON; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1, change = 2; Math.abs(change - 1) > 2 * Number.EPSILON; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    change = d * c;
    fraction *= change;
  }
  return scale * fraction;
}

/** ln Γ by Stirling's series, from 10 upward, where eight terms leave less than rounding does. */
export function lnGamma(a: number): number {
  if (a < 10) return lnGamma(a + 1) - Math.log(a);
  const inverse = 1 / (a * a);
  const series = STIRLING.reduceRight((sum, coefficient) => sum * inverse + coefficient, 0);
  return (a - 0.5) * Math.log(a) - a + Math.log(2 * Math.PI) / 2 + series / a;
}

/** B(2n) / (2n (2n - 1)), n from 1. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];
