// The caller loads the module: `await init(…)` once, then as with the other entries.
//
// @ts-self-types="./slim.d.ts"
import load, { CustomersApi as Core, explained } from "../dist/core.js";

export {
  AbortError,
  ApiError,
  ConnectionError,
  DecodeError,
  SyncteraError,
  ThrottleError,
  TimeoutError,
  TokenError,
  ValidationError,
  isProspect,
  isSyncteraError,
  validateCustomer,
  validatePatch,
} from "../dist/core.js";

let ready = false;
let loading;

export function init(module) {
  loading ??= Promise.resolve(module)
    .then((module_or_path) => load({ module_or_path }))
    .then(
      () => {
        ready = true;
      },
      (error) => {
        // Let the caller try again, for example after a network failure.
        loading = undefined;
        throw explained(error);
      },
    );
  return loading;
}

// The same class; but a `new` that comes too early throws an error that says so.
export const CustomersApi = /* @__PURE__ */ new Proxy(Core, {
  construct(target, args, newTarget) {
    if (!ready) {
      throw new Error("synctera-customers/slim: await init(…) before new CustomersApi(…)");
    }
    return Reflect.construct(target, args, newTarget);
  },
});
