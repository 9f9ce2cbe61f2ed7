// The sandbox in process: one instance for a program that imports and one that requires it.
import exports from "../dist/testing.cjs";

export const { FAULTS, createSandbox, fakeCustomer } = exports;
