//! The class JavaScript sees. It converts and hands on; there is nothing to decide here.

#![expect(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands values over; a reference costs an exchange with the host"
)]

use crate::client::{Arguments, Client};
use crate::contract::operation::Operation;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Synctera's Customers API.
///
/// ```ts
/// const api = new CustomersApi({ accessToken: process.env.SYNCTERA_API_KEY });
/// const customer = await api.createCustomer({ status: "PROSPECT", email: "a@example.com" });
/// ```
///
/// Every method but `iterateCustomers` returns a promise that settles within the deadline. It rejects
/// with an error of this package: `ValidationError` (nothing was sent), `ApiError`, `ConnectionError`,
/// `TimeoutError`, `AbortError`, `DecodeError`, `TokenError` or `ThrottleError`.
#[wasm_bindgen]
pub struct CustomersApi {
    client: Client,
}

#[wasm_bindgen]
impl CustomersApi {
    /// Makes a client. It holds no connection and starts no timer: one at module level will do.
    ///
    /// Throws a `ValidationError` if an option is missing, unknown or of the wrong form.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "ClientOptions")] options: JsValue,
    ) -> Result<CustomersApi, JsValue> {
        Ok(Self {
            client: Client::new(&options)?,
        })
    }

    /// Creates a customer and returns it as stored. `typescript.rs` has its overloads and their docs.
    #[wasm_bindgen(js_name = createCustomer, skip_typescript)]
    pub fn create_customer(&self, customer: JsValue, options: JsValue) -> Promise {
        self.start(
            Operation::Create,
            JsValue::UNDEFINED,
            customer,
            &options,
            false,
        )
    }

    /// As `createCustomer`, with the HTTP exchange.
    #[wasm_bindgen(js_name = createCustomerWithHttpInfo, skip_typescript)]
    pub fn create_customer_with_http_info(&self, customer: JsValue, options: JsValue) -> Promise {
        self.start(
            Operation::Create,
            JsValue::UNDEFINED,
            customer,
            &options,
            true,
        )
    }

    /// Reads one customer.
    #[wasm_bindgen(js_name = getCustomer, unchecked_return_type = "Promise<CustomerInBody>")]
    pub fn get_customer(
        &self,
        #[wasm_bindgen(js_name = customerId, unchecked_param_type = "string")] customer_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: JsValue,
    ) -> Promise {
        self.start(
            Operation::Get,
            customer_id,
            JsValue::UNDEFINED,
            &options,
            false,
        )
    }

    /// As `getCustomer`, with the HTTP exchange.
    #[wasm_bindgen(
        js_name = getCustomerWithHttpInfo,
        unchecked_return_type = "Promise<HttpInfo<CustomerInBody>>"
    )]
    pub fn get_customer_with_http_info(
        &self,
        #[wasm_bindgen(js_name = customerId, unchecked_param_type = "string")] customer_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: JsValue,
    ) -> Promise {
        self.start(
            Operation::Get,
            customer_id,
            JsValue::UNDEFINED,
            &options,
            true,
        )
    }

    /// Lists customers, one page at a time. While `next_page_token` is present, give it back as
    /// `page_token`, with the same filters; when it is absent, that was the last page.
    #[wasm_bindgen(js_name = listCustomers, unchecked_return_type = "Promise<CustomerList>")]
    pub fn list_customers(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListCustomersParams")] params: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: JsValue,
    ) -> Promise {
        self.start(Operation::List, JsValue::UNDEFINED, params, &options, false)
    }

    /// As `listCustomers`, with the HTTP exchange.
    #[wasm_bindgen(
        js_name = listCustomersWithHttpInfo,
        unchecked_return_type = "Promise<HttpInfo<CustomerList>>"
    )]
    pub fn list_customers_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListCustomersParams")] params: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: JsValue,
    ) -> Promise {
        self.start(Operation::List, JsValue::UNDEFINED, params, &options, true)
    }

    /// Iterates over all customers of a list, and requests each page when its customers are wanted.
    ///
    /// ```ts
    /// for await (const customer of api.iterateCustomers({ status: "ACTIVE" })) {
    ///   console.log(customer.id);
    /// }
    /// ```
    ///
    /// `listCustomers` takes `limit`, the size of a page, and `page_token`; here `pageSize`, `maxItems` and
    /// `cursor` say what is wanted, and the two parameters are rejected.
    ///
    /// Throws a `ValidationError` if an argument is not right, and sends nothing before the first customer
    /// is wanted. The errors of a page are those of `listCustomers`.
    #[wasm_bindgen(js_name = iterateCustomers, unchecked_return_type = "CustomerIterator")]
    pub fn iterate_customers(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "IterateCustomersParams")] params: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "IterateOptions")] options: JsValue,
    ) -> JsValue {
        let nothing = JsValue::UNDEFINED;
        self.start(Operation::Iterate, nothing, params, &options, false)
            .into()
    }

    /// Changes the fields that are given. A field left out (or `undefined`) stays; the API cannot
    /// clear one. The request carries an idempotency key, as for `createCustomer`.
    #[wasm_bindgen(js_name = patchCustomer, unchecked_return_type = "Promise<CustomerInBody>")]
    pub fn patch_customer(
        &self,
        #[wasm_bindgen(js_name = customerId, unchecked_param_type = "string")] customer_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "PatchCustomer")] patch: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        self.start(Operation::Patch, customer_id, patch, &options, false)
    }

    /// As `patchCustomer`, with the HTTP exchange.
    #[wasm_bindgen(
        js_name = patchCustomerWithHttpInfo,
        unchecked_return_type = "Promise<HttpInfo<CustomerInBody>>"
    )]
    pub fn patch_customer_with_http_info(
        &self,
        #[wasm_bindgen(js_name = customerId, unchecked_param_type = "string")] customer_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "PatchCustomer")] patch: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        self.start(Operation::Patch, customer_id, patch, &options, true)
    }

    /// Replaces a customer. `typescript.rs` has its overloads and their docs.
    #[wasm_bindgen(js_name = updateCustomer, skip_typescript)]
    pub fn update_customer(
        &self,
        customer_id: JsValue,
        customer: JsValue,
        options: JsValue,
    ) -> Promise {
        self.start(Operation::Update, customer_id, customer, &options, false)
    }

    /// As `updateCustomer`, with the HTTP exchange.
    #[wasm_bindgen(js_name = updateCustomerWithHttpInfo, skip_typescript)]
    pub fn update_customer_with_http_info(
        &self,
        customer_id: JsValue,
        customer: JsValue,
        options: JsValue,
    ) -> Promise {
        self.start(Operation::Update, customer_id, customer, &options, true)
    }
}

impl CustomersApi {
    fn start(
        &self,
        operation: Operation,
        id: JsValue,
        content: JsValue,
        options: &JsValue,
        with_info: bool,
    ) -> Promise {
        let arguments = Arguments {
            operation,
            id: &id,
            content: &content,
            options,
        };
        self.client.start(&arguments, with_info)
    }
}
