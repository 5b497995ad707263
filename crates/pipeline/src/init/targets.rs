//! What the columns of each table are called elsewhere, and what tells the tables apart.

use cartera_table::SourceTable;

/// Names of a column of a table: words that it is known by, the best ones first, in per cent.
pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) known_by: &'static [(&'static str, u8)],
    /// Words that say that it is something else.
    pub(super) never: &'static [&'static str],
    /// How much it speaks for the table.
    pub(super) weight: f64,
}

const fn target(name: &'static str, weight: f64, known_by: &'static [(&'static str, u8)]) -> Target {
    Target {
        name,
        known_by,
        never: &[],
        weight,
    }
}

impl Target {
    const fn never(self, never: &'static [&'static str]) -> Self {
        Self { never, ..self }
    }
}

/// Words beside the known ones cost this much when they mean something,
const OTHER_MEANING: u8 = 30;
/// and this much when they do not.
const UNKNOWN_WORD: u8 = 8;
/// Below it a name says nothing.
pub(super) const LEAST_SCORE: u8 = 65;

impl Target {
    /// How well the words of a name fit, in per cent.
    pub(super) fn score(&self, words: &[String], has_meaning: &dyn Fn(&str) -> bool) -> u8 {
        if words.iter().any(|word| self.never.contains(&word.as_str())) {
            return 0;
        }
        let fit = |(known, score): &(&str, u8)| -> Option<u8> {
            let known: Vec<&str> = known.split(' ').collect();
            known
                .iter()
                .all(|word| words.iter().any(|found| found == word))
                .then_some(())?;
            let cost: u8 = words
                .iter()
                .filter(|word| !known.contains(&word.as_str()))
                .map(|word| if has_meaning(word) { OTHER_MEANING } else { UNKNOWN_WORD })
                .fold(0, u8::saturating_add);
            Some(score.saturating_sub(cost))
        };
        self.known_by.iter().filter_map(fit).max().unwrap_or(0)
    }
}

/// What a table looks like.
pub(super) struct TableWords {
    pub(super) table: SourceTable,
    pub(super) targets: &'static [Target],
    /// Words of file names that speak for it; all of them where there are several.
    pub(super) file_words: &'static [&'static str],
    /// The column whose values come once.
    pub(super) unique: Option<&'static str>,
    /// Required columns that may be the same in every row, so that they can be asked for.
    pub(super) constants: &'static [&'static str],
}

const CUSTOMER: &[(&str, u8)] = &[
    ("customer id", 97),
    ("customer", 92),
    ("member id", 88),
    ("member", 78),
    ("household id", 86),
    ("household", 78),
];
const ORDER: &[(&str, u8)] = &[
    ("order id", 97),
    ("invoice id", 96),
    ("basket id", 95),
    ("ticket id", 90),
    ("invoice", 90),
    ("order", 85),
    ("basket", 80),
    ("ticket", 80),
];
const PRODUCT: &[(&str, u8)] = &[("product id", 97), ("product", 85)];
const CAMPAIGN: &[(&str, u8)] = &[("campaign id", 97), ("campaign", 88)];
const EMAIL: &[(&str, u8)] = &[("email", 97), ("customer email", 97), ("email street", 92)];
const PHONE: &[(&str, u8)] = &[("phone", 95), ("phone id", 95), ("customer phone", 95)];
const CURRENCY: &[(&str, u8)] = &[("currency id", 97), ("currency", 97)];
const CHANNEL: &[(&str, u8)] = &[("channel", 95), ("order channel", 95), ("channel type", 85)];
/// What is no day of an order.
const OTHER_DAYS: &[&str] = &["ship", "payment", "updated", "birth", "until", "valid", "closed"];

pub(super) const TABLES: [TableWords; 11] = [
    TableWords {
        table: SourceTable::OrderLines,
        targets: &[
            target("customer_key", 1.0, CUSTOMER),
            target("order_id", 2.0, ORDER),
            target(
                "line_number",
                1.0,
                &[("line id", 92), ("order line id", 92), ("order line", 85), ("line", 80)],
            ),
            target("product_id", 1.0, PRODUCT),
            target(
                "ordered_at",
                1.0,
                &[
                    ("order date", 97),
                    ("basket date", 96),
                    ("invoice date", 94),
                    ("ticket date", 92),
                    ("date", 90),
                    ("joined date", 75),
                ],
            )
            .never(OTHER_DAYS),
            target(
                "quantity",
                2.0,
                &[
                    ("quantity", 97),
                    ("product quantity", 97),
                    ("order quantity", 95),
                    ("line quantity", 95),
                ],
            ),
            target(
                "unit_price",
                2.0,
                &[("unit price", 97), ("product price", 92), ("price", 85)],
            )
            .never(&["list", "total"]),
            target(
                "amount",
                2.0,
                &[
                    ("line amount", 97),
                    ("line total", 97),
                    ("line total amount", 97),
                    ("amount", 92),
                    ("amount total", 90),
                    ("total price", 88),
                    ("total", 85),
                    ("order amount", 85),
                    ("basket amount", 85),
                    ("invoice amount", 82),
                    ("order total", 80),
                    ("invoice total", 80),
                ],
            )
            .never(&["discount", "tax", "ship", "cost", "unit"]),
            target("currency", 0.5, CURRENCY),
            target(
                "discount_amount",
                0.5,
                &[("discount amount", 95), ("discount", 85), ("line discount", 90)],
            ),
            target(
                "unit_cost",
                0.5,
                &[("unit cost", 97), ("product cost", 90), ("cost", 75)],
            ),
            target("channel", 0.5, CHANNEL),
            target("region", 0.5, &[("region", 85), ("order region", 92)]),
            target(
                "sales_rep",
                0.5,
                &[
                    ("sales rep", 97),
                    ("rep", 80),
                    ("salesperson", 92),
                    ("seller", 85),
                    ("vendedor", 92),
                ],
            ),
        ],
        file_words: &["order", "invoice", "basket", "amount", "line", "ticket"],
        unique: None,
        constants: &[],
    },
    TableWords {
        table: SourceTable::Customers,
        targets: &[
            target(
                "customer_key",
                1.0,
                &[
                    ("customer id", 97),
                    ("customer", 90),
                    ("member id", 90),
                    ("household id", 86),
                    ("member", 78),
                    ("household", 78),
                    ("id", 75),
                ],
            ),
            target("name", 1.5, &[("name", 90), ("customer name", 97), ("name last", 90)])
                .never(&["first", "company", "product", "campaign", "store"]),
            target("given_name", 1.5, &[("first name", 97), ("first", 85)]),
            target("family_name", 1.5, &[("last name", 97), ("last", 92)]),
            target("company_name", 1.5, &[("company name", 97), ("company", 88)]),
            target("customer_type", 1.0, &[("customer type", 95)]),
            target("email", 2.0, EMAIL),
            target("phone", 1.5, PHONE),
            target("birth_date", 1.5, &[("birth", 95), ("birth date", 97)]),
            target("gender", 1.5, &[("gender", 97)]),
            target("street", 1.0, &[("street", 92)]).never(&["email"]),
            target("city", 1.0, &[("city", 95)]),
            target("postcode", 1.0, &[("postcode", 95), ("postcode id", 97)]),
            target("region", 1.0, &[("region", 92)]).never(&["marital"]),
            target("country", 0.5, &[("country", 95)]),
            target("language", 1.0, &[("language", 95)]),
            target("tax_id", 1.0, &[("tax", 85), ("tax id", 97)]),
            target(
                "employee_count",
                1.0,
                &[("employee", 90), ("employee count", 97), ("employee id", 85)],
            ),
            target("household_key", 0.5, &[("household id", 95), ("household", 85)]),
            target(
                "joined_on",
                1.0,
                &[
                    ("joined date", 97),
                    ("joined", 90),
                    ("customer from", 90),
                    ("customer from date", 90),
                ],
            ),
            target(
                "acquisition_channel",
                1.0,
                &[("acquisition channel", 97), ("acquisition", 85)],
            ),
            target(
                "owner_id",
                0.5,
                &[
                    ("owner id", 97),
                    ("member owner id", 97),
                    ("owner", 92),
                    ("member owner", 92),
                ],
            ),
            target("age_band", 1.5, &[("age", 92)]),
            target("income_band", 1.5, &[("income", 92)]),
            target("household_size", 1.5, &[("household size", 97)]),
            target(
                "marital_status",
                1.5,
                &[("marital status", 97), ("marital", 92), ("marital region", 92)],
            ),
            target("home_ownership", 1.5, &[("home ownership", 97), ("home", 80)]),
            target(
                "children",
                1.5,
                &[("children", 92), ("children count", 97), ("children id", 90)],
            ),
        ],
        file_words: &["customer", "member", "household", "demographics"],
        unique: Some("customer_key"),
        constants: &[],
    },
    TableWords {
        table: SourceTable::Products,
        targets: &[
            target("product_id", 1.0, &[("product id", 97), ("product", 80), ("id", 75)]),
            target(
                "valid_from",
                1.0,
                &[
                    ("valid from", 97),
                    ("valid from date", 97),
                    ("valid date", 90),
                    ("from date", 85),
                ],
            ),
            target(
                "name",
                1.5,
                &[
                    ("product name", 97),
                    ("name", 92),
                    ("description", 88),
                    ("product description", 92),
                    ("product", 75),
                ],
            ),
            target("category", 1.5, &[("category", 95), ("product category", 97)]),
            target(
                "subcategory",
                1.5,
                &[("subcategory", 97), ("product subcategory", 97), ("product type", 75)],
            ),
            target("brand", 1.5, &[("brand", 95)]),
            target(
                "unit_cost",
                1.5,
                &[
                    ("unit cost", 97),
                    ("cost", 90),
                    ("product cost", 95),
                    ("cost price", 95),
                ],
            ),
            target(
                "list_price",
                1.5,
                &[
                    ("list price", 97),
                    ("price", 88),
                    ("product price", 92),
                    ("unit price", 88),
                ],
            )
            .never(&["cost"]),
            target("currency", 0.5, CURRENCY),
        ],
        file_words: &["product", "list"],
        unique: Some("product_id"),
        constants: &[],
    },
    TableWords {
        table: SourceTable::Interactions,
        targets: &[
            target(
                "interaction_id",
                2.0,
                &[
                    ("interaction id", 97),
                    ("call id", 90),
                    ("visit id", 90),
                    ("response id", 90),
                ],
            ),
            target("customer_key", 1.0, CUSTOMER),
            target(
                "occurred_at",
                0.5,
                &[
                    ("date", 88),
                    ("occurred date", 97),
                    ("occurred", 90),
                    ("interaction date", 97),
                    ("redemption date", 95),
                    ("call date", 95),
                    ("visit date", 95),
                    ("response date", 95),
                    ("sent date", 92),
                    ("sent", 85),
                ],
            )
            .never(OTHER_DAYS),
            target("channel", 1.0, CHANNEL),
            target("direction", 2.0, &[("direction", 97)]),
            target(
                "kind",
                1.0,
                &[("interaction type", 95), ("type", 85), ("occurred type", 90)],
            ),
            target("campaign_id", 1.5, CAMPAIGN),
            target("product_id", 0.5, PRODUCT).never(&["coupon"]),
            target("outcome", 2.0, &[("outcome", 95), ("response", 85)]),
            target("cost", 0.5, &[("cost", 88)]),
            target("currency", 0.5, CURRENCY),
        ],
        file_words: &[
            "interaction",
            "redemption",
            "response",
            "visit",
            "call",
            "campaign",
            "sent",
        ],
        unique: None,
        constants: &["kind"],
    },
    TableWords {
        table: SourceTable::Cases,
        targets: &[
            target(
                "case_id",
                2.0,
                &[
                    ("case id", 97),
                    ("ticket id", 95),
                    ("complaint id", 95),
                    ("survey id", 90),
                    ("case", 80),
                    ("ticket", 80),
                ],
            ),
            target("customer_key", 1.0, CUSTOMER),
            target(
                "opened_at",
                1.0,
                &[
                    ("opened", 92),
                    ("opened date", 97),
                    ("case date", 92),
                    ("complaint date", 92),
                    ("survey date", 92),
                    ("joined date", 88),
                    ("date", 85),
                ],
            )
            .never(&["closed", "until"]),
            target(
                "closed_at",
                2.0,
                &[("closed", 92), ("closed date", 97), ("resolved date", 92)],
            ),
            target("kind", 1.0, &[("case type", 95), ("type", 85)]),
            target("severity", 2.0, &[("severity", 95)]),
            target("score", 2.0, &[("score", 95), ("survey score", 97), ("survey", 85)]),
            target("order_id", 0.5, &[("order id", 97), ("invoice id", 95), ("order", 85)]),
            target("product_id", 0.5, PRODUCT),
            target("resolved", 2.0, &[("resolved", 95)]).never(&["date"]),
        ],
        file_words: &["case", "complaint", "survey", "question", "ticket"],
        unique: None,
        constants: &["kind"],
    },
    TableWords {
        table: SourceTable::Costs,
        targets: &[
            target("cost_id", 2.0, &[("cost id", 97)]),
            target("kind", 1.0, &[("cost type", 95), ("type", 85)]),
            target(
                "incurred_on",
                1.0,
                &[("incurred date", 97), ("incurred", 92), ("cost date", 95), ("date", 88)],
            )
            .never(&["until"]),
            target("amount", 1.0, &[("cost amount", 97), ("cost", 90), ("amount", 85)]).never(&["unit"]),
            target("currency", 0.5, CURRENCY),
            target("customer_key", 0.5, CUSTOMER),
            target("order_id", 0.5, &[("order id", 97), ("order", 85)]),
            target("channel", 0.5, CHANNEL),
            target("campaign_id", 0.5, CAMPAIGN),
        ],
        file_words: &["cost"],
        unique: None,
        constants: &["kind"],
    },
    TableWords {
        table: SourceTable::Consents,
        targets: &[
            target("customer_key", 1.0, CUSTOMER),
            target("channel", 1.0, &[("channel", 95), ("consent channel", 97)]),
            target("purpose", 2.0, &[("purpose", 95), ("consent purpose", 97)]),
            target(
                "status",
                2.0,
                &[("status", 88), ("consent status", 97), ("consent", 90)],
            ),
            target(
                "since",
                1.0,
                &[("from", 90), ("from date", 95), ("consent date", 95), ("date", 85)],
            )
            .never(&["until"]),
        ],
        file_words: &["consent"],
        unique: None,
        constants: &["channel", "purpose"],
    },
    TableWords {
        table: SourceTable::Campaigns,
        targets: &[
            target("campaign_id", 2.0, &[("campaign id", 97), ("campaign", 88), ("id", 75)]),
            target(
                "name",
                1.0,
                &[
                    ("campaign name", 97),
                    ("name", 90),
                    ("description", 85),
                    ("campaign description", 90),
                ],
            ),
            target("kind", 1.0, &[("campaign type", 97), ("type", 85)]),
            target("channel", 1.0, CHANNEL),
            target(
                "starts_on",
                2.0,
                &[("from", 88), ("from date", 97), ("campaign from", 92)],
            ),
            target(
                "ends_on",
                2.0,
                &[("until", 88), ("until date", 97), ("campaign until", 92)],
            ),
            target("cost", 1.0, &[("campaign cost", 97), ("cost", 92)]),
            target("currency", 0.5, CURRENCY),
        ],
        file_words: &["campaign"],
        unique: Some("campaign_id"),
        constants: &[],
    },
    TableWords {
        table: SourceTable::Rates,
        targets: &[
            target("date", 1.0, &[("date", 95), ("rate date", 95)]),
            target("currency", 2.0, CURRENCY),
            target("rate", 3.0, &[("rate", 95), ("type rate", 97), ("currency rate", 92)]),
        ],
        file_words: &["rate", "currency"],
        unique: None,
        constants: &[],
    },
    TableWords {
        table: SourceTable::Owners,
        targets: &[
            target("owner_id", 2.0, &[("owner id", 97), ("owner", 88), ("id", 75)]),
            target("name", 0.5, &[("owner name", 97), ("name", 88)]),
            target("kind", 0.5, &[("owner type", 97), ("type", 85)]),
            target(
                "territories",
                2.0,
                &[("territory", 95), ("owner territory", 97), ("region", 80)],
            ),
            target("value_tiers", 1.0, &[("tier", 90), ("amount tier", 95)]),
            target("rfm_segments", 1.0, &[("segment", 90)]),
            target(
                "capacity_customers",
                2.0,
                &[("capacity customer", 97), ("capacity", 90)],
            ),
            target("capacity_workload", 2.0, &[("capacity workload", 97), ("workload", 88)]),
            target(
                "active_from",
                1.0,
                &[
                    ("active from", 97),
                    ("active from date", 97),
                    ("from date", 88),
                    ("from", 85),
                ],
            ),
            target(
                "active_until",
                1.0,
                &[
                    ("active until", 97),
                    ("active until date", 97),
                    ("until date", 88),
                    ("until", 85),
                ],
            ),
        ],
        file_words: &["owner", "portfolio"],
        unique: Some("owner_id"),
        constants: &[],
    },
    TableWords {
        table: SourceTable::Suppressions,
        targets: &[
            target("customer_key", 1.0, CUSTOMER),
            target("email", 1.0, EMAIL),
            target("phone", 1.0, PHONE),
            target("channel", 0.5, CHANNEL),
            target("purpose", 0.5, &[("purpose", 95)]),
            target(
                "reason",
                2.5,
                &[
                    ("suppression reason", 97),
                    ("reason", 92),
                    ("suppression type", 92),
                    ("suppression", 88),
                ],
            ),
            target(
                "since",
                0.5,
                &[
                    ("suppression date", 97),
                    ("from", 90),
                    ("from date", 95),
                    ("joined date", 80),
                    ("date", 85),
                ],
            )
            .never(&["until", "birth"]),
        ],
        // As in do_not_contact.csv.
        file_words: &["suppression", "do not"],
        unique: None,
        constants: &[],
    },
];

impl TableWords {
    pub(super) fn of(table: SourceTable) -> &'static Self {
        TABLES.iter().find(|words| words.table == table).unwrap_or(&TABLES[0])
    }
}

/// Words of a closed list of values, for the values that the contracts allow.
const VALUES: &[(&str, &[&str])] = &[
    ("female", &["f", "female", "woman", "mujer", "femenino"]),
    ("male", &["m", "male", "man", "hombre", "masculino", "varon"]),
    ("other", &["other", "otro", "otra", "otros", "x", "diverse"]),
    (
        "person",
        &["person", "persona", "b2c", "particular", "individual", "consumer"],
    ),
    ("company", &["company", "empresa", "b2b", "business", "corporate"]),
    ("single", &["single", "soltero", "soltera"]),
    ("married", &["married", "casado", "casada"]),
    ("unmarried", &["unmarried"]),
    ("partnered", &["partnered", "partner", "pareja"]),
    ("separated", &["separated", "separado", "separada"]),
    ("divorced", &["divorced", "divorciado", "divorciada"]),
    ("widowed", &["widowed", "widow", "widower", "viudo", "viuda"]),
    ("owner", &["owner", "homeowner", "propietario", "propiedad"]),
    ("renter", &["renter", "rent", "tenant", "alquiler", "inquilino"]),
    ("probable_owner", &["probable owner", "probable homeowner"]),
    ("probable_renter", &["probable renter", "probable tenant"]),
    ("inbound", &["inbound", "in", "entrante"]),
    ("outbound", &["outbound", "out", "saliente"]),
    (
        "contact",
        &[
            "contact",
            "sent",
            "send",
            "mailing",
            "email",
            "impression",
            "contacto",
            "envio",
        ],
    ),
    ("response", &["response", "click", "open", "reply", "respuesta"]),
    ("redemption", &["redemption", "redeemed", "canje"]),
    ("visit", &["visit", "session", "visita"]),
    ("call", &["call", "llamada"]),
    ("incident", &["incident", "incidencia", "ticket"]),
    ("complaint", &["complaint", "queja", "reclamacion", "claim"]),
    ("question", &["question", "consulta", "query"]),
    ("survey", &["survey", "encuesta", "nps", "csat"]),
    ("low", &["low", "baja", "bajo", "leve"]),
    ("medium", &["medium", "media", "medio", "normal"]),
    ("high", &["high", "alta", "alto", "grave"]),
    ("critical", &["critical", "critica", "critico", "urgent", "urgente"]),
    ("cost_to_serve", &["cost_to_serve", "service", "servicio"]),
    ("acquisition", &["acquisition", "captacion"]),
    ("campaign", &["campaign", "campana", "marketing"]),
    ("shipping", &["shipping", "envio", "portes", "delivery"]),
    ("payment", &["payment", "pago"]),
    (
        "granted",
        &[
            "granted", "yes", "true", "1", "opt-in", "optin", "opt_in", "si", "y", "s", "given", "accepted",
        ],
    ),
    (
        "withdrawn",
        &[
            "withdrawn",
            "no",
            "false",
            "0",
            "opt-out",
            "optout",
            "opt_out",
            "n",
            "revoked",
            "rejected",
            "denied",
        ],
    ),
    (
        "do_not_contact",
        &[
            "do_not_contact",
            "do not contact",
            "dnc",
            "no contactar",
            "robinson",
            "opt-out",
            "optout",
            "opt_out",
            "unsubscribed",
        ],
    ),
    ("competitor", &["competitor", "competidor", "competencia"]),
    (
        "deceased",
        &["deceased", "dead", "fallecido", "fallecida", "difunto", "difunta"],
    ),
    ("staff", &["staff", "employee", "empleado", "empleada"]),
];

/// Words that say that the value is not known.
const UNKNOWN_VALUES: [&str; 7] = [
    "unknown",
    "desconocido",
    "desconocida",
    "u",
    "not known",
    "undefined",
    "sin especificar",
];

/// What a value of a source means among those that are allowed; empty for no value, none where it is not known.
pub(super) fn allowed_value(theirs: &str, allowed: &[&'static str]) -> Option<&'static str> {
    let plain: String = theirs
        .trim()
        .to_lowercase()
        .replace(['á'], "a")
        .replace('é', "e")
        .replace('í', "i")
        .replace('ó', "o")
        .replace('ñ', "n");
    if let Some(same) = allowed.iter().find(|value| **value == plain) {
        return Some(same);
    }
    if UNKNOWN_VALUES.contains(&plain.as_str()) {
        return Some("");
    }
    VALUES
        .iter()
        .find(|(ours, words)| allowed.contains(ours) && words.contains(&plain.as_str()))
        .map(|(ours, _)| *ours)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_target_is_in_the_contract_and_every_required_column_has_names() {
        assert_eq!(TABLES.map(|words| words.table), SourceTable::ALL);
        for words in &TABLES {
            let contract = words.table.contract();
            let named: BTreeSet<&str> = words.targets.iter().map(|target| target.name).collect();
            let mappable: BTreeSet<&str> = contract.mappable().map(|column| column.name).collect();
            assert_eq!(named, mappable, "{}", contract.name);
            for name in words.unique.iter().chain(words.constants) {
                assert!(named.contains(name), "{name}");
            }
        }
    }

    #[test]
    fn every_allowed_value_has_words() {
        for words in &TABLES {
            for column in words.table.contract().mappable() {
                for value in column.allowed_values {
                    assert_eq!(allowed_value(value, column.allowed_values), Some(*value));
                }
            }
        }
        assert_eq!(allowed_value("Homeowner", &["owner", "renter"]), Some("owner"));
        assert_eq!(allowed_value("Unknown", &["owner"]), Some(""));
        assert_eq!(allowed_value("Castle", &["owner"]), None);
    }
}
