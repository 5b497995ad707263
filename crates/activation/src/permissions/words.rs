//! Words of channels and purposes, as people of two languages write them.
//!
//! What somebody took back, or a row forbids, must never be lost because the word for it is another one. So each word
//! has two readings: the one word that it is the same as, which is all that a grant opens, and all channels or purposes
//! that it may mean, which is what a withdrawal closes. A word that nobody knows may mean every one.

use std::borrow::Cow;

/// Words that stand for every channel or purpose.
const EVERY: [&str; 9] = [
    "all",
    "any",
    "*",
    "every",
    "todo",
    "todos",
    "toda",
    "todas",
    "cualquiera",
];

const EMAIL: u32 = 1;
const SMS: u32 = 1 << 1;
const PHONE: u32 = 1 << 2;
const POST: u32 = 1 << 3;
const MESSENGER: u32 = 1 << 4;
const PUSH: u32 = 1 << 5;
const FAX: u32 = 1 << 6;
const CHAT: u32 = 1 << 7;
const VISIT: u32 = 1 << 8;

const MARKETING: u32 = 1;
const SERVICE: u32 = 1 << 1;
const PROFILING: u32 = 1 << 2;
const RESEARCH: u32 = 1 << 3;

/// Whether words are of channels or of purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum WordKind {
    Channel,
    Purpose,
}

impl WordKind {
    /// As notes call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Purpose => "purpose",
        }
    }

    /// The word that this one is the same as.
    pub(super) fn canonical(self, text: &str) -> Cow<'_, str> {
        let folded = folded(text);
        let same = match self {
            Self::Channel => same_channel(&folded),
            Self::Purpose => same_purpose(&folded),
        };
        same.map_or(folded, Cow::Borrowed)
    }

    /// One bit for each well-known channel or purpose that a word may mean; none of a word that is not known. The word
    /// is a [canonical](Self::canonical) one.
    pub(super) fn meanings(self, canonical: &str) -> u32 {
        match self {
            Self::Channel => channels_of(canonical),
            Self::Purpose => purposes_of(canonical),
        }
    }
}

/// Whether the word stands for every channel or purpose.
pub(crate) fn is_every(text: &str) -> bool {
    EVERY.contains(&&*folded(text))
}

/// The channel's word, as channels are compared.
pub(super) fn channel_word(text: &str) -> Cow<'_, str> {
    WordKind::Channel.canonical(text)
}

/// In small letters and without accents, blanks, hyphens and the like: ` E-Mail` is `email`.
fn folded(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'*';
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|letter| letter.is_alphanumeric() || *letter == '*');
    Cow::Owned(kept.flat_map(char::to_lowercase).filter_map(plain_letter).collect())
}

/// A small letter without its accent; none of an accent that stands for itself.
fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}

fn same_channel(folded: &str) -> Option<&'static str> {
    Some(match folded {
        "emails"
        | "mail"
        | "mails"
        | "electronicmail"
        | "correo"
        | "correos"
        | "correoelectronico"
        | "correoselectronicos"
        | "emailaddress" => "email",
        "text" | "texts" | "textmessage" | "textmessages" | "mensajedetexto" | "mensajesdetexto" => "sms",
        "tel"
        | "telephone"
        | "telefono"
        | "telefonica"
        | "telefonico"
        | "call"
        | "calls"
        | "phonecall"
        | "phonecalls"
        | "telephonecall"
        | "llamada"
        | "llamadas"
        | "llamadatelefonica"
        | "llamadastelefonicas"
        | "voice" => "phone",
        "postal" | "postalmail" | "directmail" | "letter" | "letters" | "carta" | "cartas" | "correopostal"
        | "correoordinario" => "post",
        "wa" => "whatsapp",
        "pushnotification" | "pushnotifications" | "notificacionpush" | "notificacionespush" => "push",
        "telefax" => "fax",
        _ => return None,
    })
}

fn channels_of(canonical: &str) -> u32 {
    match canonical {
        // `correo` and `mail` are letters as well; a newsletter comes by e-mail.
        "email" | "newsletter" | "newsletters" | "boletin" | "boletines" => EMAIL,
        "sms" | "mms" => SMS,
        "phone" | "landline" | "telefonofijo" => PHONE,
        "mobile" | "mobilephone" | "cell" | "cellphone" | "movil" | "telefonomovil" | "celular" => {
            PHONE | SMS | MESSENGER
        }
        "post" => POST,
        "whatsapp" | "telegram" | "messenger" => MESSENGER,
        "push" | "app" | "inapp" => PUSH,
        "fax" => FAX,
        "chat" | "webchat" | "livechat" => CHAT,
        "visit" | "visits" | "visita" | "visitas" | "store" | "tienda" => VISIT,
        _ => 0,
    }
}

fn same_purpose(folded: &str) -> Option<&'static str> {
    Some(match folded {
        "advertising" | "advertisement" | "advertisements" | "publicidad" | "publicitario" | "publicitaria" => {
            "marketing"
        }
        "servicio" | "servicios" | "services" => "service",
        "perfilado" | "perfiles" | "profile" | "elaboraciondeperfiles" => "profiling",
        _ => return None,
    })
}

fn purposes_of(canonical: &str) -> u32 {
    match canonical {
        "marketing"
        | "directmarketing"
        | "newsletter"
        | "newsletters"
        | "boletin"
        | "boletines"
        | "promotion"
        | "promotions"
        | "promotional"
        | "promocion"
        | "promociones"
        | "offers"
        | "ofertas"
        | "commercial"
        | "comercial"
        | "comerciales"
        | "comunicacionescomerciales"
        | "sales"
        | "ventas" => MARKETING,
        "service" | "transactional" | "transaccional" | "support" | "soporte" | "contract" | "contrato" => SERVICE,
        "profiling" | "personalization" | "personalisation" | "personalizacion" => PROFILING,
        "research" | "survey" | "surveys" | "encuesta" | "encuestas" | "analytics" | "statistics" | "estadisticas" => {
            RESEARCH
        }
        _ => 0,
    }
}

/// What a text closes beside the word that it is the same as: some words mean more to who takes something back.
pub(super) fn further_meanings(kind: WordKind, text: &str) -> u32 {
    match (kind, &*folded(text)) {
        (WordKind::Channel, "mail" | "mails" | "correo" | "correos") => POST,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_have_one_word() {
        for (text, word) in [
            (" E-Mail", "email"),
            ("Correo electrónico", "email"),
            ("correo", "email"),
            ("TELÉFONO", "phone"),
            ("telefono", "phone"),
            ("tele\u{301}fono", "phone"),
            ("Llamada", "phone"),
            ("carta", "post"),
            ("direct_mail", "post"),
            ("SMS", "sms"),
            ("carrier pigeon", "carrierpigeon"),
        ] {
            assert_eq!(channel_word(text), word, "{text}");
        }
        assert!(is_every("Todos") && is_every(" ALL ") && !is_every("email"));
    }

    #[test]
    fn words_that_may_mean_more_close_more() {
        let closes = |text: &str| {
            let kind = WordKind::Channel;
            kind.meanings(&kind.canonical(text)) | further_meanings(kind, text)
        };
        assert_eq!(closes("email"), EMAIL);
        assert_eq!(closes("correo"), EMAIL | POST);
        assert_eq!(closes("móvil"), PHONE | SMS | MESSENGER);
        assert_eq!(closes("Newsletter"), EMAIL);
        assert_eq!(closes("fax"), FAX);
        assert_eq!(closes("carrier pigeon"), 0, "nobody knows");
        assert_eq!(WordKind::Purpose.canonical("Publicidad"), "marketing");
        assert_eq!(WordKind::Purpose.meanings("ofertas"), MARKETING);
    }
}
