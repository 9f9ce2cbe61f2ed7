// Each form of a text as JavaScript reads it; `tests/contract/forms.rs` goes through the same table as
// Rust reads it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { formsByName } from "./tables.mjs";

const table = JSON.parse(readFileSync(new URL("forms.json", import.meta.url), "utf8"));

describe("a form", () => {
  for (const [name, { fit, unfit }] of Object.entries(table)) {
    it(`${name} accepts what it is meant for and nothing else`, () => {
      const { test } = formsByName[name];
      for (const text of fit) assert.ok(test.test(text), `rejects ${JSON.stringify(text)}`);
      for (const text of unfit) assert.ok(!test.test(text), `accepts ${JSON.stringify(text)}`);
    });
  }

  it("of the client's has a row in the table, and no other has", () => {
    assert.deepEqual(Object.keys(formsByName).sort(), Object.keys(table).sort());
  });

  it("of a date accepts the days of the calendar, 1896 to 2104, and no others", () => {
    const { test } = formsByName.CalendarDate;
    const two = (number) => String(number).padStart(2, "0");
    for (let year = 1896; year <= 2104; year += 1) {
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const date = new Date(Date.UTC(year, month - 1, day));
          const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
          const text = `${year}-${two(month)}-${two(day)}`;
          assert.equal(test.test(text), exists, text);
        }
      }
    }
  });
});
