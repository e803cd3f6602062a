using System.Formats.Asn1;
using System.Net;

namespace CaptureFlow.Analysis;

/// <summary>Of a server's certificate: whom it is for, and when. Nothing is verified.</summary>
/// <param name="Names">DNS names and addresses; without any, the common name. Safe to show.</param>
/// <param name="NotBefore">From when on it is valid.</param>
/// <param name="NotAfter">Until when.</param>
internal sealed record TlsCertificate(IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";
    private const int DnsName = 2;
    private const int AddressName = 7;
    private const int MostNames = 64;

    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    /// <summary>The first certificate of a message of TLS 1.2 or older; null when it is cut or is none.</summary>
    public static TlsCertificate? ReadFirst(ReadOnlySpan<byte> message)
    {
        ByteCursor cursor = new(message);
        cursor.UInt24();
        var der = cursor.Bytes(cursor.UInt24());
        if (cursor.IsBroken || der.Length == 0)
        {
            return null;
        }

        try
        {
            return Read(der.ToArray());
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>Whether a client that asks for this name would take it: exactly, or by a star for the first label.</summary>
    public bool Covers(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var star = dot > 0 ? $"*{name[dot..]}" : null;
        return Names.Contains(name, StringComparer.OrdinalIgnoreCase) || (star is not null && Names.Contains(star, StringComparer.OrdinalIgnoreCase));
    }

    private static TlsCertificate Read(byte[] der)
    {
        var certificate = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        if (certificate.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            certificate.ReadEncodedValue();
        }

        certificate.ReadEncodedValue();
        certificate.ReadEncodedValue();
        certificate.ReadEncodedValue();
        var validity = certificate.ReadSequence();
        var (from, until) = (ReadTime(validity), ReadTime(validity));
        var subject = certificate.ReadSequence();
        certificate.ReadEncodedValue();
        List<string> names = [];
        while (certificate.HasData)
        {
            if (!certificate.PeekTag().HasSameClassAndValue(ExtensionsTag))
            {
                certificate.ReadEncodedValue();
                continue;
            }

            ReadExtensions(certificate.ReadSequence(ExtensionsTag).ReadSequence(), names);
        }

        if (names.Count == 0)
        {
            ReadCommonName(subject, names);
        }

        return new(names, from, until);
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static void ReadExtensions(AsnReader extensions, List<string> names)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() != AlternativeNames)
            {
                continue;
            }

            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                extension.ReadBoolean();
            }

            var list = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            while (list.HasData && names.Count < MostNames)
            {
                ReadName(list, names);
            }
        }
    }

    private static void ReadName(AsnReader list, List<string> names)
    {
        var tag = list.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.IsConstructed || tag.TagValue is not (DnsName or AddressName))
        {
            list.ReadEncodedValue();
            return;
        }

        var value = list.ReadOctetString(tag);
        if (tag.TagValue == DnsName)
        {
            names.Add(Words.Safe(value));
        }
        else if (value.Length is 4 or 16)
        {
            names.Add(new IPAddress(value).ToString());
        }
    }

    private static void ReadCommonName(AsnReader subject, List<string> names)
    {
        while (subject.HasData)
        {
            var part = subject.ReadSetOf(skipSortOrderValidation: true);
            while (part.HasData)
            {
                var pair = part.ReadSequence();
                if (pair.ReadObjectIdentifier() == CommonName)
                {
                    names.Add(Words.Safe(pair.PeekContentBytes().Span));
                }
            }
        }
    }
}
