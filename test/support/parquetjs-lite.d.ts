/** The part of parquetjs-lite that the tests use: a writer of Parquet that is independent of DuckDB. */
declare module "parquetjs-lite" {
  export interface Field {
    readonly type: string;
    readonly optional?: boolean;
    readonly compression?: string;
  }
  export class ParquetSchema {
    constructor(fields: Readonly<Record<string, Field>>);
  }
  export class ParquetWriter {
    static openFile(schema: ParquetSchema, file: string): Promise<ParquetWriter>;
    appendRow(row: Readonly<Record<string, unknown>>): Promise<void>;
    close(): Promise<void>;
  }
}
