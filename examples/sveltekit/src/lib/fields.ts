/** The fields of the form, which the server takes and the page shows. */
export const FIELDS = [
  { name: "first_name", label: "First name", type: "text" },
  { name: "last_name", label: "Last name", type: "text" },
  { name: "dob", label: "Date of birth", type: "date" },
  { name: "email", label: "E-mail", type: "email" },
  { name: "phone_number", label: "Mobile number", type: "tel" },
] as const;
