import { execFileSync } from "node:child_process";
import { pythonOfTests } from "./python.ts";

/** `cryptography` is there because MLflow needs it; `openssl` is not on every machine. A self-signed certificate is its own authority. */
const program = `
import datetime, ipaddress, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), start, start + datetime.timedelta(days=3))
certificate = builder.add_extension(names, False).add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
open(sys.argv[1] + ".pem", "wb").write(certificate.public_bytes(serialization.Encoding.PEM))
private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
open(sys.argv[1] + ".key", "wb").write(key.private_bytes(*private))
`;

/** Writes `<place>.pem` and `<place>.key`: a certificate for localhost and 127.0.0.1 that is valid for two days. */
export async function makeCertificate(place: string): Promise<void> {
  execFileSync(await pythonOfTests(), ["-c", program, place]);
}
