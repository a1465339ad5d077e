// A patient is found by typing a part of their name or place. Without scripts the list itself stays.
(() => {
  "use strict";

  const list = document.getElementById("id_patient");
  const named = [...list.options].filter((option) => option.value);
  // Two who are called the same and are both without a bed can only be told apart in the list.
  if (new Set(named.map((option) => option.text)).size < named.length) return;

  accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    confirmOnBlur: false,
    defaultValue: "", // of an empty list, whose first line is no patient
    showAllValues: true,
    tNoResults: () => "Nobody on this ward fits.",
  });

  // What stands in the field is what is sent, never a choice that somebody has typed over.
  const field = document.getElementById("id_patient");
  list.form.addEventListener("submit", () => {
    list.value = named.find((option) => option.text === field.value)?.value ?? "";
  });
})();
