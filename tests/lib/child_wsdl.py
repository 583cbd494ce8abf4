"""A small WSDL, as a supplier might hand it over: one operation, in document style or, older, in RPC style."""

NAMESPACE = "urn:children"
FIELDS = ("nhs", "family", "given", "born", "consent", "until", "covers", "shield", "s117", "id")
KEYS = ("nhs", "family", "given", "born")
_STRINGS = '<xs:element name="{}" type="xs:string" minOccurs="0"/>'
_CHILD = "".join(_STRINGS.format(name) for name in FIELDS)
_ASKED = "".join(_STRINGS.format(name) for name in KEYS)
_SCHEMA = f"""<xs:schema targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:complexType name="Child"><xs:sequence>{_CHILD}</xs:sequence></xs:complexType>
  <xs:complexType name="Children"><xs:sequence>
    <xs:element name="child" type="c:Child" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:element name="FindChild"><xs:complexType><xs:sequence>{_ASKED}</xs:sequence></xs:complexType></xs:element>
  <xs:element name="FindChildResponse" type="c:Children"/>
</xs:schema>"""
_BEGIN = f"""<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="{NAMESPACE}" targetNamespace="{NAMESPACE}">"""
_END = """<wsdl:portType name="Port"><wsdl:operation name="FindChild">
    <wsdl:input message="c:Asked"/><wsdl:output message="c:Answered"/></wsdl:operation></wsdl:portType>
  <wsdl:binding name="Binding" type="c:Port">
    <s:binding style="{style}" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="FindChild"><s:operation soapAction=""/>
      <wsdl:input><s:body use="literal"{of}/></wsdl:input><wsdl:output><s:body use="literal"{of}/></wsdl:output>
    </wsdl:operation></wsdl:binding>
  <wsdl:service name="Service"><wsdl:port name="Soap" binding="c:Binding"><s:address location="{url}"/></wsdl:port>
  </wsdl:service></wsdl:definitions>"""
_DOCUMENT = """<wsdl:message name="Asked"><wsdl:part name="part" element="c:FindChild"/></wsdl:message>
  <wsdl:message name="Answered"><wsdl:part name="part" element="c:FindChildResponse"/></wsdl:message>"""
_RPC = (
    '<wsdl:message name="Asked">'
    + "".join(f'<wsdl:part name="{name}" type="xs:string"/>' for name in KEYS)
    + '</wsdl:message><wsdl:message name="Answered"><wsdl:part name="found" type="c:Children"/></wsdl:message>'
)


def schema() -> str:
    """Give the types, as a file of their own."""
    return _SCHEMA.replace(
        "<xs:schema ", f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="{NAMESPACE}" '
    )


def document_wsdl(url: str, *, imports: str = "") -> str:
    """Give the WSDL in document style; with `imports` its types are in another document."""
    brought = f'<xs:schema><xs:import namespace="{NAMESPACE}" schemaLocation="{imports}"/></xs:schema>'
    types = f"<wsdl:types>{brought if imports else _SCHEMA}</wsdl:types>"
    return _BEGIN + types + _DOCUMENT + _END.format(style="document", of="", url=url)


def rpc_wsdl(url: str) -> str:
    """Give the WSDL in RPC style."""
    end = _END.format(style="rpc", of=f' namespace="{NAMESPACE}"', url=url)
    return f"{_BEGIN}<wsdl:types>{_SCHEMA}</wsdl:types>{_RPC}{end}"


def envelope(inside: str) -> str:
    """Put something into an envelope."""
    return (
        f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{NAMESPACE}">'
        f"<e:Body>{inside}</e:Body></e:Envelope>"
    )
