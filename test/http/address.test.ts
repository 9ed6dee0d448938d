import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { parseAddress } from "../../src/http/address.ts";

describe("a base URL", () => {
  it("loses its credentials, query, fragment and last slash", () => {
    expect(parseAddress("https://ann:p%40ss@mlflow.example.com/prefix/?a=1#b", "X")).toEqual({
      url: "https://mlflow.example.com/prefix",
      origin: "https://mlflow.example.com",
      user: "ann",
      secret: "p@ss",
      authorization: `Basic ${Buffer.from("ann:p@ss").toString("base64")}`,
    });
  });

  it.each(["ftp://h", "mlflow.example.com", "http//x", ""])("%j is refused", (text) => {
    expect(() => parseAddress(text, "MLFLOW_TRACKING_URI")).toThrow(/MLFLOW_TRACKING_URI/);
  });

  it("is not printed with its password where it is refused", () => {
    try {
      parseAddress("https://ann:secret@ho st/", "X");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(MlopsError);
      expect(String(error)).not.toContain("secret");
    }
  });
});
