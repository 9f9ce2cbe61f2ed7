// The same with `onSchemaDrift`: every field of every customer is compared with the contract.
import * as synctera from "./synctera.mjs";

export const open = ({ onDrift = () => {}, ...settings }) =>
  synctera.open({ ...settings, onSchemaDrift: onDrift });
