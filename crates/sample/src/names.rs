//! Names and places by country, for people who do not exist.

/// What people and places of one country are called.
pub(crate) struct Region {
    /// The code of the country in `COUNTRIES`.
    pub(crate) code: &'static str,
    pub(crate) given: [&'static str; 14],
    pub(crate) family: [&'static str; 18],
    pub(crate) streets: [&'static str; 6],
    /// City and the postcode's first part; the rest is drawn.
    pub(crate) cities: [(&'static str, &'static str); 4],
    /// Digits drawn after the first part of the postcode.
    pub(crate) postcode_digits: usize,
    /// Calling code and the first digits of a number.
    pub(crate) calling: (&'static str, &'static str),
    /// Whether people have two family names.
    pub(crate) has_two_family_names: bool,
    /// How a company's name ends.
    pub(crate) company: &'static str,
}

/// In the order of `COUNTRIES`.
pub(crate) const REGIONS: [Region; 9] = [
    Region {
        code: "ES",
        given: [
            "María", "Carmen", "Lucía", "Ana", "Isabel", "Marta", "Begoña", "José", "Antonio", "Javier", "Álvaro",
            "Miguel", "Íñigo", "Pablo",
        ],
        family: [
            "García",
            "López",
            "Martínez",
            "Sánchez",
            "Pérez",
            "Gómez",
            "Fernández",
            "Muñoz",
            "Ibáñez",
            "Romero",
            "Navarro",
            "Torres",
            "Domínguez",
            "Vázquez",
            "Ramos",
            "Gil",
            "Serrano",
            "Núñez",
        ],
        streets: [
            "Calle Mayor",
            "Calle del Sol",
            "Avenida de la Paz",
            "Plaza Nueva",
            "Calle Real",
            "Paseo del Río",
        ],
        cities: [
            ("Madrid", "280"),
            ("Barcelona", "080"),
            ("Sevilla", "410"),
            ("Bilbao", "480"),
        ],
        postcode_digits: 2,
        calling: ("+34", "6"),
        has_two_family_names: true,
        company: "S.L.",
    },
    Region {
        code: "PT",
        given: [
            "Maria",
            "Ana",
            "Beatriz",
            "Inês",
            "Catarina",
            "Leonor",
            "Conceição",
            "João",
            "Rui",
            "Tiago",
            "Luís",
            "Nuno",
            "Pedro",
            "Simão",
        ],
        family: [
            "Silva",
            "Santos",
            "Ferreira",
            "Pereira",
            "Oliveira",
            "Costa",
            "Rodrigues",
            "Martins",
            "Jesus",
            "Sousa",
            "Fernandes",
            "Gonçalves",
            "Gomes",
            "Lopes",
            "Marques",
            "Alves",
            "Araújo",
            "Simões",
        ],
        streets: [
            "Rua Augusta",
            "Rua do Carmo",
            "Avenida da Liberdade",
            "Largo do Rato",
            "Rua Nova",
            "Rua das Flores",
        ],
        cities: [("Lisboa", "11"), ("Porto", "40"), ("Braga", "47"), ("Faro", "80")],
        postcode_digits: 2,
        calling: ("+351", "9"),
        has_two_family_names: true,
        company: "Lda.",
    },
    Region {
        code: "FR",
        given: [
            "Marie",
            "Camille",
            "Chloé",
            "Léa",
            "Hélène",
            "Zoé",
            "Sophie",
            "Jean",
            "Pierre",
            "Louis",
            "Hugo",
            "François",
            "Théo",
            "Jules",
        ],
        family: [
            "Martin",
            "Bernard",
            "Dubois",
            "Thomas",
            "Robert",
            "Richard",
            "Petit",
            "Durand",
            "Leroy",
            "Moreau",
            "Simon",
            "Laurent",
            "Lefèvre",
            "Michel",
            "Faure",
            "Girard",
            "Béranger",
            "Mercier",
        ],
        streets: [
            "Rue de la Gare",
            "Rue Victor Hugo",
            "Avenue du Parc",
            "Place de l'Église",
            "Rue Pasteur",
            "Quai Nord",
        ],
        cities: [("Paris", "750"), ("Lyon", "690"), ("Bordeaux", "330"), ("Nice", "060")],
        postcode_digits: 2,
        calling: ("+33", "6"),
        has_two_family_names: false,
        company: "SARL",
    },
    Region {
        code: "DE",
        given: [
            "Anna", "Lena", "Sabine", "Jürgen", "Björn", "Petra", "Karin", "Thomas", "Lukas", "Felix", "Jan", "Käthe",
            "Ralf", "Max",
        ],
        family: [
            "Müller",
            "Schmidt",
            "Schneider",
            "Fischer",
            "Weber",
            "Meyer",
            "Wagner",
            "Becker",
            "Schulz",
            "Hoffmann",
            "Schäfer",
            "Koch",
            "Bauer",
            "Richter",
            "Klein",
            "Groß",
            "Schröder",
            "Neumann",
        ],
        streets: [
            "Hauptstraße",
            "Gartenweg",
            "Bahnhofstraße",
            "Lindenallee",
            "Schulgasse",
            "Am Markt",
        ],
        cities: [("Berlin", "10"), ("Hamburg", "20"), ("Leipzig", "04"), ("Köln", "50")],
        postcode_digits: 3,
        calling: ("+49", "15"),
        has_two_family_names: false,
        company: "GmbH",
    },
    Region {
        code: "IT",
        given: [
            "Giulia", "Chiara", "Sofia", "Anna", "Paola", "Elena", "Noemi", "Marco", "Luca", "Paolo", "Andrea",
            "Nicolò", "Matteo", "Carlo",
        ],
        family: [
            "Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco",
            "Bruno", "Gallo", "Conti", "De Luca", "Costa", "Nicolò", "Mancini", "Rizzo",
        ],
        streets: [
            "Via Roma",
            "Via Garibaldi",
            "Corso Italia",
            "Piazza Dante",
            "Via Verdi",
            "Viale dei Pini",
        ],
        cities: [("Roma", "001"), ("Milano", "201"), ("Torino", "101"), ("Napoli", "801")],
        postcode_digits: 2,
        calling: ("+39", "33"),
        has_two_family_names: false,
        company: "S.r.l.",
    },
    Region {
        code: "GB",
        given: [
            "Olivia", "Emily", "Grace", "Sarah", "Siân", "Alice", "Ruth", "James", "Oliver", "Harry", "George", "Zoë",
            "Peter", "Ewan",
        ],
        family: [
            "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Evans", "Walker", "O'Brien", "Wright", "Hall",
            "Green", "Wood", "Clarke", "Hughes", "Lewis", "MacKay", "Turner",
        ],
        streets: [
            "High Street",
            "Church Lane",
            "Station Road",
            "Mill Hill",
            "The Green",
            "Park View",
        ],
        cities: [
            ("London", "N1 "),
            ("Leeds", "LS1 "),
            ("Bristol", "BS1 "),
            ("Glasgow", "G1 "),
        ],
        postcode_digits: 1,
        calling: ("+44", "7"),
        has_two_family_names: false,
        company: "Ltd",
    },
    Region {
        code: "NL",
        given: [
            "Emma", "Sanne", "Lotte", "Anouk", "Fleur", "Noa", "Eva", "Daan", "Sem", "Bram", "Jan", "Thijs", "Lars",
            "Koen",
        ],
        family: [
            "de Jong",
            "Jansen",
            "de Vries",
            "van den Berg",
            "Bakker",
            "van Dijk",
            "Visser",
            "Smit",
            "Meijer",
            "Mulder",
            "de Boer",
            "Bos",
            "Vos",
            "Peters",
            "Hendriks",
            "Dekker",
            "Brouwer",
            "Kok",
        ],
        streets: [
            "Dorpsstraat",
            "Kerkweg",
            "Molenlaan",
            "Stationsplein",
            "Kade",
            "Beukenlaan",
        ],
        cities: [
            ("Amsterdam", "10"),
            ("Rotterdam", "30"),
            ("Utrecht", "35"),
            ("Eindhoven", "56"),
        ],
        postcode_digits: 2,
        calling: ("+31", "6"),
        has_two_family_names: false,
        company: "B.V.",
    },
    Region {
        code: "IE",
        given: [
            "Aoife", "Ciara", "Niamh", "Róisín", "Mary", "Orla", "Nuala", "Seán", "Conor", "Liam", "Patrick", "Oisín",
            "Eoin", "Dara",
        ],
        family: [
            "Murphy",
            "Kelly",
            "O'Sullivan",
            "Walsh",
            "Smith",
            "O'Brien",
            "Byrne",
            "Ryan",
            "O'Connor",
            "Doyle",
            "McCarthy",
            "Gallagher",
            "Doherty",
            "Kennedy",
            "Lynch",
            "Quinn",
            "Nolan",
            "Daly",
        ],
        streets: [
            "Main Street",
            "Quay Road",
            "Abbey Street",
            "Chapel Hill",
            "Harbour View",
            "Bridge Street",
        ],
        cities: [("Dublin", "D0"), ("Cork", "T1"), ("Galway", "H9"), ("Limerick", "V9")],
        postcode_digits: 1,
        calling: ("+353", "8"),
        has_two_family_names: false,
        company: "DAC",
    },
    Region {
        code: "US",
        given: [
            "Mary", "Jennifer", "Linda", "Susan", "Karen", "Nancy", "Renée", "John", "Robert", "Michael", "David",
            "William", "José", "Mark",
        ],
        family: [
            "Johnson", "Smith", "Davis", "Miller", "Anderson", "Jackson", "White", "Harris", "Clark", "Robinson",
            "Young", "Allen", "King", "Hill", "Baker", "Nelson", "Carter", "Peña",
        ],
        streets: ["Main St", "Oak Ave", "Maple Dr", "2nd St", "Lakeview Blvd", "Elm St"],
        cities: [
            ("Boston", "021"),
            ("Newark", "071"),
            ("Austin", "787"),
            ("Denver", "802"),
        ],
        postcode_digits: 2,
        calling: ("+1", "5"),
        has_two_family_names: false,
        company: "Inc.",
    },
];

/// Domains that belong to nobody (RFC 2606).
pub(crate) const MAIL_DOMAINS: [&str; 4] = ["example.com", "example.org", "example.net", "mail.example"];

/// What companies do, for their names.
pub(crate) const TRADES: [&str; 8] = [
    "Design",
    "Café",
    "Hotels",
    "Interiors",
    "Events",
    "Studio",
    "Trading",
    "Gardens",
];

/// A text in the plain letters of mail addresses.
pub(crate) fn plain_letters(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    let mut plain = String::with_capacity(text.len());
    for letter in lower {
        match letter {
            'a'..='z' | '0'..='9' => plain.push(letter),
            _ => plain.push_str(base_letter(letter)),
        }
    }
    plain
}

/// The letter below an accent; nothing for what is no letter of a name.
fn base_letter(letter: char) -> &'static str {
    match letter {
        'á' | 'à' | 'ã' | 'â' => "a",
        'ä' => "ae",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'í' | 'ì' | 'î' => "i",
        'ó' | 'ò' | 'õ' | 'ô' => "o",
        'ö' => "oe",
        'ú' | 'ù' | 'û' => "u",
        'ü' => "ue",
        'ñ' => "n",
        'ç' => "c",
        'ß' => "ss",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::COUNTRIES;

    #[test]
    fn every_country_has_its_region_and_every_letter_a_plain_one() {
        assert!(COUNTRIES.iter().map(|it| it.code).eq(REGIONS.iter().map(|it| it.code)));
        for name in REGIONS
            .iter()
            .flat_map(|region| region.given.iter().chain(&region.family))
        {
            let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
            assert!(plain_letters(name).len() >= letters, "{name}");
        }
        assert_eq!(plain_letters("Núñez O'Brien-Groß"), "nunezobriengross");
    }
}
