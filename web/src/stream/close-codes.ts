/** What a close code asks of a client: come back, come back without the position, or stay away. */
export type Farewell = "return" | "return-anew" | "stay-away";

export function farewell(code: number): Farewell {
  if (code === 4102) return "return-anew";
  return code >= 4500 && code < 4600 ? "stay-away" : "return";
}
