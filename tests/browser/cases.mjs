// SPDX-License-Identifier: Apache-2.0
// Invented cases, in the words that an officer chooses on the pages (vocabulary disclosure 1).
const enforcement = { "Who would receive the information?": "Immigration Enforcement (Home Office)" };

export const victim = {
  ...enforcement,
  "What reasons have been given for this?": ["A belief that the person may not have permission to be in the UK",
    "To keep someone safe"],
  "What is this person's part in the matter?": ["Victim", "Person who reported it"],
  "Does the person have a history of offending in another country?": "No, or none is known",
};

export const exceptional = {
  ...victim,
  "What reasons have been given for this?": "The person has offended in another country",
  "Does the person have a history of offending in another country?":
    "Yes, high-harm, such as murder, kidnapping or rape",
  "How old is this person?": "18 or over",
  "Is it necessary to send this information in order to prevent further offending?": "Yes",
  "Is it proportionate?": "Yes",
  "Is there a risk of further offending that sending this information would reduce?": "Yes",
};

export const suspect = {
  ...enforcement,
  "What reasons have been given for this?": "The person is suspected of an offence",
  "What is this person's part in the matter?": "Suspect",
  "Is this person a victim or a witness in another matter?": "No",
  "What is this person suspected of?": "An offence that is not an immigration matter",
  "How old is this person?": "18 or over",
};

export const trafficking = {
  "Who would receive the information?":
    "The competent authority for victims of trafficking and modern slavery (National Referral Mechanism)",
  "What kind of crime is it?": "Trafficking or modern slavery",
  "How old is this person?": "18 or over",
  "Has the person agreed to this?": "Yes",
};
