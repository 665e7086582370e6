/** The shape of the word lists in `categories/`, from which the products of the local shop are made. */

/** One value for the entry model of a line, one for its middle model, one for its top model. */
export type ByTier<T> = readonly [T, T, T];

interface Specification {
  readonly key: string;
  readonly label: string;
  readonly unit?: string;
}

export type SpecificationSeed =
  | (Specification & { readonly values: ByTier<string | number | boolean> })
  /** Entry to top model, in whole steps, with some variation between brands. */
  | (Specification & { readonly from: number; readonly to: number; readonly step: number });

export interface KindSeed {
  /** How a title ends: "Wireless Over-Ear Headphones". */
  readonly noun: string;
  /** Dollars, of the entry and of the top model. */
  readonly price: readonly [number, number];
  readonly specifications: readonly SpecificationSeed[];
  /** First sentences of a description; `{key}` stands for the value of a specification. */
  readonly openings: readonly string[];
}

export interface CategorySeed {
  readonly path: string;
  /** Each brand's names for its three models. */
  readonly brands: Readonly<Record<string, ByTier<string>>>;
  /** One for each brand and kind, separated by spaces. */
  readonly lines: string;
  readonly kinds: readonly KindSeed[];
  /** What the specifications of every kind end with. */
  readonly specifications: readonly SpecificationSeed[];
  /** What makes the variants of a product; each label after the first adds `stepUsd` to the price. */
  readonly option?: {
    readonly name: string;
    readonly labels: readonly string[];
    readonly stepUsd: number;
  };
  /** Second sentences, true of every kind's entry, middle or top model. */
  readonly middles: ByTier<readonly string[]>;
  /** Last sentences, true of all. */
  readonly closings: readonly string[];
}
