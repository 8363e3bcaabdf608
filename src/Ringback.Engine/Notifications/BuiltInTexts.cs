namespace Ringback.Engine.Notifications;

/// <summary>The texts that the program brings. Each language has all events; a test fails where one is missing or has an unknown placeholder.</summary>
internal static class BuiltInTexts
{
    private static readonly Dictionary<string, PushText> english = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = PushText.Of("We are about to call you", "Your call from {queue} is expected within {minutes} min. Please keep your phone at hand."),
        [PushEvents.Ready] = PushText.Of("It is your turn", "{queue} is ready for you. Call in now: your place is held for {minutes} min."),
        [PushEvents.CallIn] = PushText.Of("Call us now", "Dial the number in the app to be connected with {queue}."),
        [PushEvents.Purged] = PushText.Of("Your callback was dropped", "We are sorry: {queue} could not call you in time. You can ask for another callback."),
        [PushEvents.AttemptFailed] = PushText.Of("We could not reach you", "{queue} tried to call you and will try again in {minutes} min."),
        [PushEvents.FinalAttemptFailed] = PushText.Of("We could not reach you", "{queue} tried to call you for the last time. You can ask for another callback."),
    };

    private static readonly Dictionary<string, PushText> german = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = PushText.Of("Wir rufen Sie gleich an", "Der Anruf von {queue} kommt voraussichtlich in höchstens {minutes} Min. Bitte halten Sie Ihr Telefon bereit."),
        [PushEvents.Ready] = PushText.Of("Sie sind an der Reihe", "{queue} ist bereit. Rufen Sie jetzt an: Ihr Platz ist {minutes} Min. reserviert."),
        [PushEvents.CallIn] = PushText.Of("Rufen Sie uns jetzt an", "Wählen Sie die Nummer in der App, um {queue} zu erreichen."),
        [PushEvents.Purged] = PushText.Of("Ihr Rückruf entfällt", "Es tut uns leid: {queue} konnte Sie nicht rechtzeitig anrufen. Sie können einen neuen Rückruf anfordern."),
        [PushEvents.AttemptFailed] = PushText.Of("Wir konnten Sie nicht erreichen", "{queue} hat Sie angerufen und versucht es in {minutes} Min. erneut."),
        [PushEvents.FinalAttemptFailed] = PushText.Of("Wir konnten Sie nicht erreichen", "{queue} hat Sie zum letzten Mal angerufen. Sie können einen neuen Rückruf anfordern."),
    };

    private static readonly Dictionary<string, PushText> french = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = PushText.Of("Nous allons bientôt vous appeler", "L’appel de {queue} est prévu d’ici {minutes} min. Merci de garder votre téléphone à portée de main."),
        [PushEvents.Ready] = PushText.Of("C’est à votre tour", "{queue} est prêt à vous répondre. Appelez maintenant : votre place est réservée pendant {minutes} min."),
        [PushEvents.CallIn] = PushText.Of("Appelez-nous maintenant", "Composez le numéro affiché dans l’application pour joindre {queue}."),
        [PushEvents.Purged] = PushText.Of("Votre rappel n’a pas pu avoir lieu", "Nous sommes désolés : {queue} n’a pas pu vous appeler à temps. Vous pouvez demander un nouveau rappel."),
        [PushEvents.AttemptFailed] = PushText.Of("Nous n’avons pas pu vous joindre", "{queue} a essayé de vous appeler et réessaiera dans {minutes} min."),
        [PushEvents.FinalAttemptFailed] = PushText.Of("Nous n’avons pas pu vous joindre", "{queue} a essayé de vous appeler une dernière fois. Vous pouvez demander un nouveau rappel."),
    };

    private static readonly Dictionary<string, PushText> spanish = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = PushText.Of("Le llamaremos en breve", "La llamada de {queue} está prevista en un plazo de {minutes} min. Por favor, tenga el teléfono a mano."),
        [PushEvents.Ready] = PushText.Of("Es su turno", "{queue} está listo para atenderle. Llame ahora: su lugar queda reservado durante {minutes} min."),
        [PushEvents.CallIn] = PushText.Of("Llámenos ahora", "Marque el número que aparece en la aplicación para hablar con {queue}."),
        [PushEvents.Purged] = PushText.Of("No hemos podido llamarle", "Lo sentimos: {queue} no ha podido llamarle a tiempo. Puede solicitar otra llamada."),
        [PushEvents.AttemptFailed] = PushText.Of("No hemos podido contactar con usted", "{queue} ha intentado llamarle y volverá a intentarlo en {minutes} min."),
        [PushEvents.FinalAttemptFailed] = PushText.Of("No hemos podido contactar con usted", "{queue} ha intentado llamarle por última vez. Puede solicitar otra llamada."),
    };

    private static readonly Dictionary<string, PushText> portuguese = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = PushText.Of("Ligaremos em breve", "A chamada de {queue} está prevista para os próximos {minutes} min. Por favor, mantenha o telefone por perto."),
        [PushEvents.Ready] = PushText.Of("É a sua vez", "{queue} está à sua espera. Ligue agora: o seu lugar está reservado por {minutes} min."),
        [PushEvents.CallIn] = PushText.Of("Ligue agora", "Ligue para o número indicado na aplicação para falar com {queue}."),
        [PushEvents.Purged] = PushText.Of("Não foi possível ligar a tempo", "Lamentamos: {queue} não conseguiu ligar a tempo. Pode pedir uma nova chamada."),
        [PushEvents.AttemptFailed] = PushText.Of("Não foi possível completar a chamada", "{queue} tentou ligar e voltará a tentar dentro de {minutes} min."),
        [PushEvents.FinalAttemptFailed] = PushText.Of("Não foi possível completar a chamada", "{queue} tentou ligar pela última vez. Pode pedir uma nova chamada."),
    };

    private static readonly Dictionary<string, PushText> japanese = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = PushText.Of("まもなくお電話いたします", "{queue}より{minutes}分以内にお電話する予定です。お電話に出られるようご準備ください。"),
        [PushEvents.Ready] = PushText.Of("お客様の順番になりました", "{queue}の準備が整いました。今すぐお電話ください。順番は{minutes}分間お取りしております。"),
        [PushEvents.CallIn] = PushText.Of("今すぐお電話ください", "アプリに表示された番号におかけいただくと、{queue}につながります。"),
        [PushEvents.Purged] = PushText.Of("折り返しのお電話ができませんでした", "申し訳ございません。{queue}より時間内にお電話することができませんでした。あらためて折り返しをお申し込みいただけます。"),
        [PushEvents.AttemptFailed] = PushText.Of("お電話がつながりませんでした", "{queue}よりお電話いたしましたが、つながりませんでした。{minutes}分後にあらためておかけいたします。"),
        [PushEvents.FinalAttemptFailed] = PushText.Of("お電話がつながりませんでした", "{queue}より最後のお電話をいたしましたが、つながりませんでした。あらためて折り返しをお申し込みいただけます。"),
    };

    /// <summary>By language.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, PushText>> ByLanguage { get; } = new Dictionary<string, IReadOnlyDictionary<string, PushText>>(StringComparer.Ordinal)
    {
        ["en"] = english,
        ["de"] = german,
        ["fr"] = french,
        ["es"] = spanish,
        ["pt"] = portuguese,
        ["ja"] = japanese,
    };
}
