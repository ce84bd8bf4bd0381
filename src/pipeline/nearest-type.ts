/** The known word nearest to another one, as `nearest` finds it at run time. */

/** Words of `Known` within two edits of `Word`, which leave some of it; never for none. All of them if several are equally near. */
export type Nearest<Word extends string, Known extends string> = Word extends `${infer _}${infer _}${infer Third}`
  ? [Within<Word, Known, 1>] extends [never]
    ? Third extends ''
      ? never
      : Within<Word, Known, 2>
    : Within<Word, Known, 1>
  : never;

type Within<Word extends string, Known, Edits extends 1 | 2> = Known extends string
  ? Reach<Lowercase<Word>, Lowercase<Known>, Edits> extends true
    ? Known
    : never
  : never;

type Fewer = [never, 0, 1];

/** Whether that many edits lead from one word to the other. */
type Reach<A extends string, B extends string, Edits extends 0 | 1 | 2> = A extends B
  ? true
  : A extends `${infer First}${infer RestA}`
    ? B extends `${First}${infer RestB}`
      ? Reach<RestA, RestB, Edits>
      : Edits extends 0
        ? false
        : B extends `${infer _}${infer RestB}`
          ? true extends
              | Reach<RestA, RestB, Fewer[Edits]>
              | Reach<RestA, B, Fewer[Edits]>
              | Reach<A, RestB, Fewer[Edits]>
            ? true
            : false
          : Reach<RestA, B, Fewer[Edits]>
    : Edits extends 0
      ? false
      : B extends `${infer _}${infer RestB}`
        ? Reach<A, RestB, Fewer[Edits]>
        : false;
