//! The texts that the runtime itself says, each declared once for every language it speaks. They say `du`, `tu` and
//! `je` where the language has the choice.

use super::Language;

macro_rules! texts {
    ($($(#[doc = $doc:literal])* $name:ident {
        en: $en:literal,
        nl: $nl:literal,
        de: $de:literal,
        fr: $fr:literal,
        es: $es:literal,
        it: $it:literal,
        pt: $pt:literal,
        pl: $pl:literal,
        sv: $sv:literal,
        ja: $ja:literal,
        zh: $zh:literal,
        ar: $ar:literal,
    })*) => {
        /// A text that the runtime itself says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum BuiltIn {
            $($(#[doc = $doc])* $name,)*
        }

        impl BuiltIn {
            /// Every text, with its name and when it shows.
            pub const ALL: &'static [(BuiltIn, &'static str, &'static str)] =
                &[$((BuiltIn::$name, stringify!($name), concat!($($doc),*)),)*];

            /// The text in a language; in English for one that is not listed.
            pub const fn text(self, language: Language) -> &'static str {
                match self {
                    $(BuiltIn::$name => match language {
                        Language::English | Language::Other => $en,
                        Language::Dutch => $nl,
                        Language::German => $de,
                        Language::French => $fr,
                        Language::Spanish => $es,
                        Language::Italian => $it,
                        Language::Portuguese => $pt,
                        Language::Polish => $pl,
                        Language::Swedish => $sv,
                        Language::Japanese => $ja,
                        Language::Chinese => $zh,
                        Language::Arabic => $ar,
                    },)*
                }
            }
        }
    };
}

texts! {
    /// The reply that means yes.
    Yes {
        en: "Yes",
        nl: "Ja",
        de: "Ja",
        fr: "Oui",
        es: "Sí",
        it: "Sì",
        pt: "Sim",
        pl: "Tak",
        sv: "Ja",
        ja: "はい",
        zh: "是",
        ar: "نعم",
    }
    /// The reply that means no.
    No {
        en: "No",
        nl: "Nee",
        de: "Nein",
        fr: "Non",
        es: "No",
        it: "No",
        pt: "Não",
        pl: "Nie",
        sv: "Nej",
        ja: "いいえ",
        zh: "否",
        ar: "لا",
    }
    /// The button that sends what was ticked.
    Done {
        en: "Done",
        nl: "Klaar",
        de: "Fertig",
        fr: "Terminé",
        es: "Listo",
        it: "Fatto",
        pt: "Pronto",
        pl: "Gotowe",
        sv: "Klar",
        ja: "完了",
        zh: "完成",
        ar: "تم",
    }
    /// The button that agrees to the processing of what the visitor says.
    Agree {
        en: "I agree",
        nl: "Ik ga akkoord",
        de: "Ich stimme zu",
        fr: "J’accepte",
        es: "Acepto",
        it: "Accetto",
        pt: "Concordo",
        pl: "Zgadzam się",
        sv: "Jag godkänner",
        ja: "同意する",
        zh: "我同意",
        ar: "أوافق",
    }
    /// What is shown where the visitor types before they have agreed and no other text says so.
    AgreeFirst {
        en: "Please agree first.",
        nl: "Ga eerst akkoord, alsjeblieft.",
        de: "Bitte stimme zuerst zu.",
        fr: "Donne d’abord ton accord, s’il te plaît.",
        es: "Primero acepta, por favor.",
        it: "Prima accetta, per favore.",
        pt: "Primeiro, é preciso concordar.",
        pl: "Najpierw wyraź zgodę.",
        sv: "Godkänn först, tack.",
        ja: "先に同意をお願いします。",
        zh: "请先表示同意。",
        ar: "يُرجى الموافقة أولًا.",
    }
    /// The text of `processing explicit` where the flow has none.
    ProcessingExplicit {
        en: "We need your agreement to process what you tell us here, so that we can help you.",
        nl: "We hebben je toestemming nodig om te verwerken wat je hier vertelt, zodat we je kunnen helpen.",
        de: "Wir brauchen deine Zustimmung, um zu verarbeiten, was du uns hier schreibst, damit wir dir helfen können.",
        fr: "Nous avons besoin de ton accord pour traiter ce que tu nous dis ici, afin de pouvoir t’aider.",
        es: "Necesitamos tu consentimiento para tratar lo que nos cuentes aquí y así poder ayudarte.",
        it: "Ci serve il tuo consenso per trattare quello che ci scrivi qui, così possiamo aiutarti.",
        pt: "Precisamos do seu consentimento para tratar o que você nos contar aqui e assim poder ajudar.",
        pl: "Potrzebujemy twojej zgody na przetwarzanie tego, co tu napiszesz, żeby móc ci pomóc.",
        sv: "Vi behöver ditt samtycke för att behandla det du berättar här, så att vi kan hjälpa dig.",
        ja: "お手伝いのために、ここでお話しいただく内容を利用することへの同意をお願いします。",
        zh: "为了帮助你，我们需要你同意我们处理你在这里提供的信息。",
        ar: "نحتاج إلى موافقتك على معالجة ما تخبرنا به هنا حتى نتمكن من مساعدتك.",
    }
    /// The text of `processing legitimate_interest` where the flow has none.
    ProcessingLegitimate {
        en: "By chatting with us, you agree that we process what you tell us here.",
        nl: "Door met ons te chatten ga je ermee akkoord dat we verwerken wat je hier vertelt.",
        de: "Wenn du mit uns chattest, stimmst du zu, dass wir verarbeiten, was du uns hier schreibst.",
        fr: "En discutant avec nous, tu acceptes que nous traitions ce que tu nous dis ici.",
        es: "Al chatear con nosotros, aceptas que tratemos lo que nos cuentes aquí.",
        it: "Chattando con noi accetti che trattiamo quello che ci scrivi qui.",
        pt: "Ao conversar conosco, você concorda que tratemos o que nos contar aqui.",
        pl: "Rozmawiając z nami, zgadzasz się na przetwarzanie tego, co tu napiszesz.",
        sv: "Genom att chatta med oss godkänner du att vi behandlar det du berättar här.",
        ja: "このチャットを利用すると、ここでお話しいただく内容を当方が利用することに同意したものとみなされます。",
        zh: "与我们聊天即表示你同意我们处理你在这里提供的信息。",
        ar: "بمحادثتنا فإنك توافق على أن نعالج ما تخبرنا به هنا.",
    }
    /// Something failed and the flow has no text of its own for that.
    Error {
        en: "Something went wrong on our side. Please try again later.",
        nl: "Er ging iets mis aan onze kant. Probeer het later nog eens.",
        de: "Bei uns ist etwas schiefgelaufen. Bitte versuche es später noch einmal.",
        fr: "Un problème est survenu de notre côté. Réessaie plus tard, s’il te plaît.",
        es: "Algo ha fallado por nuestra parte. Inténtalo de nuevo más tarde.",
        it: "Qualcosa è andato storto da parte nostra. Riprova più tardi.",
        pt: "Algo deu errado do nosso lado. Tente de novo mais tarde.",
        pl: "Coś poszło nie tak po naszej stronie. Spróbuj ponownie później.",
        sv: "Något gick fel hos oss. Försök igen senare.",
        ja: "こちらで問題が発生しました。しばらくしてからもう一度お試しください。",
        zh: "我们这边出了点问题，请稍后再试。",
        ar: "حدث خطأ من جانبنا. يُرجى المحاولة مرة أخرى لاحقًا.",
    }
    /// An answer that is none of the replies.
    InvalidReply {
        en: "Please choose one of the replies.",
        nl: "Kies een van de antwoorden.",
        de: "Bitte wähle eine der Antworten.",
        fr: "Choisis une des réponses proposées.",
        es: "Elige una de las respuestas.",
        it: "Scegli una delle risposte.",
        pt: "Escolha uma das respostas.",
        pl: "Wybierz jedną z odpowiedzi.",
        sv: "Välj ett av svaren.",
        ja: "選択肢の中から選んでください。",
        zh: "请从给出的回复中选择。",
        ar: "يُرجى اختيار أحد الردود.",
    }
    /// An answer without any text.
    InvalidText {
        en: "Please type an answer.",
        nl: "Typ een antwoord.",
        de: "Bitte gib eine Antwort ein.",
        fr: "Écris une réponse.",
        es: "Escribe una respuesta.",
        it: "Scrivi una risposta.",
        pt: "Digite uma resposta.",
        pl: "Wpisz odpowiedź.",
        sv: "Skriv ett svar.",
        ja: "回答を入力してください。",
        zh: "请输入回答。",
        ar: "يُرجى كتابة إجابة.",
    }
    /// An answer that is no number.
    InvalidNumber {
        en: "Please type a number.",
        nl: "Typ een getal.",
        de: "Bitte gib eine Zahl ein.",
        fr: "Écris un nombre.",
        es: "Escribe un número.",
        it: "Scrivi un numero.",
        pt: "Digite um número.",
        pl: "Wpisz liczbę.",
        sv: "Skriv ett tal.",
        ja: "数字を入力してください。",
        zh: "请输入一个数字。",
        ar: "يُرجى كتابة رقم.",
    }
    /// An answer that is neither yes nor no.
    InvalidBool {
        en: "Please answer yes or no.",
        nl: "Antwoord met ja of nee.",
        de: "Bitte antworte mit Ja oder Nein.",
        fr: "Réponds par oui ou par non.",
        es: "Responde sí o no.",
        it: "Rispondi sì o no.",
        pt: "Responda sim ou não.",
        pl: "Odpowiedz: tak lub nie.",
        sv: "Svara ja eller nej.",
        ja: "「はい」か「いいえ」でお答えください。",
        zh: "请回答“是”或“否”。",
        ar: "يُرجى الإجابة بنعم أو لا.",
    }
    /// An answer that is no date.
    InvalidDate {
        en: "Please type a date, like 2027-01-31.",
        nl: "Typ een datum, zoals 2027-01-31.",
        de: "Bitte gib ein Datum ein, zum Beispiel 31.01.2027.",
        fr: "Écris une date, par exemple 31/01/2027.",
        es: "Escribe una fecha, por ejemplo 31/01/2027.",
        it: "Scrivi una data, per esempio 31/01/2027.",
        pt: "Digite uma data, por exemplo 31/01/2027.",
        pl: "Wpisz datę, na przykład 31.01.2027.",
        sv: "Skriv ett datum, till exempel 2027-01-31.",
        ja: "日付を入力してください（例：2027年1月31日）。",
        zh: "请输入日期，例如2027年1月31日。",
        ar: "يُرجى كتابة تاريخ، مثل 31/1/2027.",
    }
    /// An answer that is no date with a time.
    InvalidDateTime {
        en: "Please type a date and a time, like 2027-01-31 09:00.",
        nl: "Typ een datum en een tijd, zoals 2027-01-31 09:00.",
        de: "Bitte gib ein Datum und eine Uhrzeit ein, zum Beispiel 31.01.2027 09:00.",
        fr: "Écris une date et une heure, par exemple 31/01/2027 09:00.",
        es: "Escribe una fecha y una hora, por ejemplo 31/01/2027 9:00.",
        it: "Scrivi una data e un’ora, per esempio 31/01/2027 09:00.",
        pt: "Digite uma data e uma hora, por exemplo 31/01/2027 09:00.",
        pl: "Wpisz datę i godzinę, na przykład 31.01.2027 09:00.",
        sv: "Skriv ett datum och en tid, till exempel 2027-01-31 09:00.",
        ja: "日付と時刻を入力してください（例：2027年1月31日 9:00）。",
        zh: "请输入日期和时间，例如2027年1月31日 09:00。",
        ar: "يُرجى كتابة تاريخ ووقت، مثل 31/1/2027 09:00.",
    }
    /// An answer that is no length of time.
    InvalidDuration {
        en: "Please type how long, like 2h or 30m.",
        nl: "Typ hoe lang, zoals 2h of 30m.",
        de: "Bitte gib eine Dauer ein, zum Beispiel 2 Stunden oder 30 Minuten.",
        fr: "Écris une durée, par exemple 2 heures ou 30 minutes.",
        es: "Escribe una duración, por ejemplo 2 horas o 30 minutos.",
        it: "Scrivi una durata, per esempio 2 ore o 30 minuti.",
        pt: "Digite uma duração, por exemplo 2 horas ou 30 minutos.",
        pl: "Wpisz, jak długo, na przykład 2 godziny lub 30 minut.",
        sv: "Skriv hur länge, till exempel 2 timmar eller 30 minuter.",
        ja: "長さを入力してください（例：2時間、30分）。",
        zh: "请输入时长，例如2小时或30分钟。",
        ar: "يُرجى كتابة المدة، مثل 3 ساعات أو 30 دقيقة.",
    }
    /// An answer that is no e-mail address.
    InvalidEmail {
        en: "Please type an e-mail address, like name@example.com.",
        nl: "Typ een e-mailadres, zoals naam@voorbeeld.nl.",
        de: "Bitte gib eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
        fr: "Écris une adresse e-mail, par exemple nom@example.com.",
        es: "Escribe una dirección de correo electrónico, por ejemplo nombre@example.com.",
        it: "Scrivi un indirizzo e-mail, per esempio nome@example.com.",
        pt: "Digite um endereço de e-mail, por exemplo nome@example.com.",
        pl: "Wpisz adres e-mail, na przykład imie@example.com.",
        sv: "Skriv en e-postadress, till exempel namn@example.com.",
        ja: "メールアドレスを入力してください（例：name@example.com）。",
        zh: "请输入电子邮箱地址，例如 name@example.com。",
        ar: "يُرجى كتابة عنوان بريد إلكتروني، مثل name@example.com.",
    }
    /// An answer that is no phone number, where the visitor's country is known.
    InvalidPhone {
        en: "Please type a full phone number.",
        nl: "Typ een volledig telefoonnummer.",
        de: "Bitte gib eine vollständige Telefonnummer ein.",
        fr: "Écris un numéro de téléphone complet.",
        es: "Escribe un número de teléfono completo.",
        it: "Scrivi un numero di telefono completo.",
        pt: "Digite um número de telefone completo.",
        pl: "Wpisz pełny numer telefonu.",
        sv: "Skriv ett fullständigt telefonnummer.",
        ja: "電話番号を最後まで入力してください。",
        zh: "请输入完整的电话号码。",
        ar: "يُرجى كتابة رقم هاتف كامل.",
    }
    /// An answer that is no phone number, where nobody knows the visitor's country.
    InvalidPhoneAbroad {
        en: "Please type a phone number with its country code, like +31 20 123 4567.",
        nl: "Typ een telefoonnummer met landcode, zoals +31 20 123 4567.",
        de: "Bitte gib eine Telefonnummer mit Ländervorwahl ein, zum Beispiel +49 30 1234567.",
        fr: "Écris un numéro de téléphone avec l’indicatif du pays, par exemple +33 1 23 45 67 89.",
        es: "Escribe un número de teléfono con el prefijo del país, por ejemplo +34 912 345 678.",
        it: "Scrivi un numero di telefono con il prefisso internazionale, per esempio +39 06 1234 5678.",
        pt: "Digite um número de telefone com o código do país, por exemplo +55 11 91234-5678.",
        pl: "Wpisz numer telefonu z numerem kierunkowym kraju, na przykład +48 22 123 45 67.",
        sv: "Skriv ett telefonnummer med landsnummer, till exempel +46 8 123 456 78.",
        ja: "国番号から始まる電話番号を入力してください（例：+81 3-1234-5678）。",
        zh: "请输入带国家代码的电话号码，例如 +86 10 1234 5678。",
        ar: "يُرجى كتابة رقم هاتف مع رمز الدولة، مثل 00966111234567.",
    }
    /// An answer that is no web address.
    InvalidUrl {
        en: "Please type a web address, like https://example.com.",
        nl: "Typ een webadres, zoals https://voorbeeld.nl.",
        de: "Bitte gib eine Webadresse ein, zum Beispiel https://example.com.",
        fr: "Écris une adresse web, par exemple https://example.com.",
        es: "Escribe una dirección web, por ejemplo https://example.com.",
        it: "Scrivi un indirizzo web, per esempio https://example.com.",
        pt: "Digite um endereço da web, por exemplo https://example.com.",
        pl: "Wpisz adres strony, na przykład https://example.com.",
        sv: "Skriv en webbadress, till exempel https://example.com.",
        ja: "ウェブサイトのアドレスを入力してください（例：https://example.com）。",
        zh: "请输入网址，例如 https://example.com。",
        ar: "يُرجى كتابة عنوان موقع إلكتروني، مثل https://example.com.",
    }
    /// What is said where the visitor types while a meeting's slots are offered.
    MeetingPrompt {
        en: "Pick a time that suits you, or say that you would rather not.",
        nl: "Kies een moment dat je uitkomt, of laat weten dat je dat liever niet doet.",
        de: "Wähle einen Termin, der dir passt, oder sag, dass du lieber keinen möchtest.",
        fr: "Choisis un créneau qui te convient, ou dis que tu préfères ne pas en prendre.",
        es: "Elige un horario que te venga bien o di que prefieres no hacerlo.",
        it: "Scegli un orario che ti va bene, oppure di’ che preferisci di no.",
        pt: "Escolha um horário que seja bom para você ou diga que prefere não marcar.",
        pl: "Wybierz dogodny termin albo napisz, że wolisz się nie umawiać.",
        sv: "Välj en tid som passar dig, eller säg att du hellre avstår.",
        ja: "ご都合のよい日時を選ぶか、希望しないことをお知らせください。",
        zh: "请选择一个适合你的时间，或者告诉我们你不需要预约。",
        ar: "يُرجى اختيار موعد مناسب، أو إخبارنا بعدم الرغبة في ذلك.",
    }
    /// The reply that declines a meeting.
    MeetingDecline {
        en: "No, thanks",
        nl: "Nee, bedankt",
        de: "Nein, danke",
        fr: "Non, merci",
        es: "No, gracias",
        it: "No, grazie",
        pt: "Não, obrigado",
        pl: "Nie, dziękuję",
        sv: "Nej, tack",
        ja: "いいえ、結構です",
        zh: "不用了，谢谢",
        ar: "لا، شكرًا",
    }
    /// What is said where the visitor types while an article is shown.
    ArticlePrompt {
        en: "Did the article help?",
        nl: "Heeft het artikel geholpen?",
        de: "Hat der Artikel geholfen?",
        fr: "L’article t’a-t-il aidé ?",
        es: "¿Te ha servido el artículo?",
        it: "L’articolo ti è stato utile?",
        pt: "O artigo ajudou?",
        pl: "Czy artykuł pomógł?",
        sv: "Hjälpte artikeln?",
        ja: "この記事は役に立ちましたか？",
        zh: "这篇文章对你有帮助吗？",
        ar: "هل كان المقال مفيدًا؟",
    }
    /// The reply that an article helped.
    ArticleHelpful {
        en: "Yes, that helped",
        nl: "Ja, dat hielp",
        de: "Ja, das hat geholfen",
        fr: "Oui, ça m’a aidé",
        es: "Sí, me ha servido",
        it: "Sì, è stato utile",
        pt: "Sim, ajudou",
        pl: "Tak, pomógł",
        sv: "Ja, det hjälpte",
        ja: "はい、役に立ちました",
        zh: "是的，有帮助",
        ar: "نعم، كان مفيدًا",
    }
    /// The reply that an article did not help.
    ArticleNotHelpful {
        en: "No, I need more help",
        nl: "Nee, dat hielp niet",
        de: "Nein, leider nicht",
        fr: "Non, pas vraiment",
        es: "No, no me ha servido",
        it: "No, non mi è servito",
        pt: "Não, não ajudou",
        pl: "Nie, nie pomógł",
        sv: "Nej, tyvärr inte",
        ja: "いいえ、解決しませんでした",
        zh: "没有，我还需要帮助",
        ar: "لا، لم يكن مفيدًا",
    }
    /// What is asked with the articles that a search has found.
    SearchPrompt {
        en: "Does that answer your question?",
        nl: "Beantwoordt dat je vraag?",
        de: "Beantwortet das deine Frage?",
        fr: "Est-ce que cela répond à ta question ?",
        es: "¿Responde esto a tu pregunta?",
        it: "Questo risponde alla tua domanda?",
        pt: "Isso responde à sua pergunta?",
        pl: "Czy to odpowiada na twoje pytanie?",
        sv: "Besvarar det din fråga?",
        ja: "これでご質問は解決しましたか？",
        zh: "这些内容解决了你的问题吗？",
        ar: "هل يجيب هذا عن سؤالك؟",
    }
    /// The reply that what was found solved it.
    SearchSolved {
        en: "Yes, that's solved",
        nl: "Ja, dat is opgelost",
        de: "Ja, das ist gelöst",
        fr: "Oui, c’est résolu",
        es: "Sí, está resuelto",
        it: "Sì, ho risolto",
        pt: "Sim, resolvido",
        pl: "Tak, rozwiązane",
        sv: "Ja, det är löst",
        ja: "はい、解決しました",
        zh: "是的，已解决",
        ar: "نعم، تم الحل",
    }
    /// The reply that what was found did not solve it.
    SearchUnsolved {
        en: "No, not yet",
        nl: "Nee, nog niet",
        de: "Nein, noch nicht",
        fr: "Non, pas encore",
        es: "No, todavía no",
        it: "No, non ancora",
        pt: "Não, ainda não",
        pl: "Nie, jeszcze nie",
        sv: "Nej, inte än",
        ja: "いいえ、まだです",
        zh: "没有，还没解决",
        ar: "لا، ليس بعد",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_said_in_every_language() {
        for (text, name, doc) in BuiltIn::ALL {
            assert!(!doc.is_empty(), "{name}");
            assert!(Language::ALL.iter().all(|language| !text.text(*language).is_empty()), "{name}");
        }
    }
}
