export type ConfigPath = readonly (string | number)[];

/** `mlops.yaml` as read: its plain values, and where each stands. */
export interface ConfigFile {
  /** As the user would type it, for messages. */
  readonly path: string;
  /** Relative paths in the file are relative to this folder. */
  readonly directory: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** `mlops.yaml:12` for the key or item at `path`; the nearest parent that exists otherwise. */
  locate(path: ConfigPath): string;
}
