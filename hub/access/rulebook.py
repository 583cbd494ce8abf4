"""Making the rulebook out of policy files: from shapes to values."""

from hub.access.papers import Papers
from hub.access.shapes import (
    ALL,
    AgenciesShape,
    AgreementShape,
    FieldClassShape,
    FieldShape,
    FieldsShape,
    LevelShape,
    QuestionShape,
    SentenceShape,
    VocabularyShape,
)
from hub.model.catalogue import (
    Area,
    Basis,
    Catalogue,
    Field,
    FieldClass,
    FieldType,
    Ground,
    IndicatorFields,
    Listing,
    OverrideReason,
    Purpose,
    Question,
    ReleaseRules,
    SpecialCondition,
)
from hub.model.policy import Agency, Agreement, Gateway, Grant, Level, Rulebook, Signature

_USUAL_LENGTH = {
    FieldType.TEXT: 200,
    FieldType.IDENTIFIER: 40,
    FieldType.DATE: 10,
    FieldType.NUMBER: 20,
    FieldType.CHOICE: 40,
}


def rulebook_from(papers: Papers) -> Rulebook:
    """Make the rulebook out of papers without a fault."""
    if not (papers.vocabulary and papers.agencies and papers.fields):
        raise ValueError("the papers have faults")
    catalogue = _catalogue(papers, papers.vocabulary.shape, papers.fields.shape)
    agencies = _agencies(papers.agencies.shape, catalogue)
    return Rulebook(
        catalogue=catalogue,
        agencies=agencies,
        gateways=Listing.of(
            tuple(
                Gateway(
                    id=gateway.id,
                    title=gateway.title,
                    explanation=gateway.explanation,
                    relevant_authorities_only=gateway.relevant_authorities_only,
                    in_force_from=gateway.in_force_from,
                    in_force_to=gateway.in_force_to,
                )
                for gateway in papers.vocabulary.shape.gateways
            )
        ),
        levels=Listing.of(tuple(_level(paper.shape, catalogue, tuple(agencies)) for paper in papers.levels)),
        agreements=Listing.of(tuple(_agreement(paper.shape) for paper in papers.agreements)),
    )


def _catalogue(papers: Papers, vocabulary: VocabularyShape, fields: FieldsShape) -> Catalogue:
    identity = tuple(field.id for field in fields.fields if field.identity)
    return Catalogue(
        purposes=Listing.of(tuple(Purpose(**term.model_dump()) for term in vocabulary.purposes)),
        lawful_bases=Listing.of(tuple(Basis(**term.model_dump()) for term in vocabulary.lawful_bases)),
        field_classes=Listing.of(tuple(_field_class(term) for term in vocabulary.field_classes)),
        areas=Listing.of(tuple(Area(**term.model_dump()) for term in vocabulary.areas)),
        fields=Listing.of(tuple(_field(field) for field in fields.fields)),
        questions=Listing.of(tuple(_question(paper.shape, identity) for paper in papers.questions)),
        special_conditions=Listing.of(
            tuple(SpecialCondition(**term.model_dump()) for term in vocabulary.special_conditions)
        ),
        grounds=Listing.of(tuple(Ground(**term.model_dump()) for term in vocabulary.grounds)),
        override_reasons=Listing.of(tuple(OverrideReason(**term.model_dump()) for term in vocabulary.override_reasons)),
        release=ReleaseRules(**vocabulary.release.model_dump()),
    )


def _field_class(shape: FieldClassShape) -> FieldClass:
    return FieldClass(
        id=shape.id,
        title=shape.title,
        explanation=shape.explanation,
        step_up=shape.step_up,
        consent=shape.consent,
        opt_out=shape.opt_out,
        special=shape.special,
        grounds={found.ground: found.officer for found in shape.grounds},
        handling=shape.handling or "",
    )


def _agencies(shape: AgenciesShape, catalogue: Catalogue) -> Listing[Agency]:
    return Listing.of(
        tuple(
            Agency(
                id=agency.id,
                title=agency.title,
                status=agency.status,
                areas=_spelt_out(agency.areas, tuple(catalogue.areas)),
            )
            for agency in shape.agencies
        )
    )


def _field(shape: FieldShape) -> Field:
    return Field(
        id=shape.id,
        label=shape.label,
        field_class=shape.field_class,
        type=shape.type,
        choices=shape.choices,
        max_length=shape.max_length or _USUAL_LENGTH[shape.type],
        comparable=shape.comparable,
        identity=shape.identity,
        locates=shape.locates,
    )


def _question(shape: QuestionShape, identity: tuple[str, ...]) -> Question:
    """Put the identity fields first: every question about a person returns them, whether listed or not."""
    return Question(
        id=shape.id,
        wording=shape.wording,
        kind=shape.kind,
        agencies=shape.agencies,
        fields=tuple(dict.fromkeys((*identity, *shape.fields))),
        purposes=shape.purposes,
        lawful_bases=shape.lawful_bases,
        deadline_ms=shape.deadline_ms,
        less_intrusive=shape.less_intrusive,
        oldest_record_days=shape.oldest_record_days,
        indicator=None if shape.indicator is None else IndicatorFields(**shape.indicator.model_dump()),
    )


def _level(shape: LevelShape, catalogue: Catalogue, agencies: tuple[str, ...]) -> Level:
    return Level(
        id=shape.id,
        title=shape.title,
        kind=shape.kind,
        agency=shape.agency,
        inherits=shape.inherits,
        grants=tuple(sentence_from(sentence, catalogue, agencies) for sentence in shape.grants),
        denials=tuple(sentence_from(sentence, catalogue, agencies) for sentence in shape.denials),
        idle_seconds=None if shape.session.idle_minutes is None else shape.session.idle_minutes * 60,
        absolute_seconds=None if shape.session.absolute_hours is None else shape.session.absolute_hours * 60 * 60,
        sees_shielded=shape.sees_shielded,
        break_glass=shape.break_glass,
    )


def sentence_from(shape: SentenceShape, catalogue: Catalogue, agencies: tuple[str, ...]) -> Grant:
    """Spell out what all stands for."""
    return Grant(
        because=shape.because,
        questions=_spelt_out(shape.questions, tuple(catalogue.questions)),
        agencies=_spelt_out(shape.agencies, agencies),
        classes=_spelt_out(shape.classes, tuple(catalogue.field_classes)),
        purposes=_spelt_out(shape.purposes, tuple(catalogue.purposes)),
        areas=_spelt_out(shape.areas, tuple(catalogue.areas)),
    )


def _spelt_out(named: tuple[str, ...], everything: tuple[str, ...]) -> tuple[str, ...]:
    return everything if named == (ALL,) else named


def _agreement(shape: AgreementShape) -> Agreement:
    return Agreement(
        id=shape.id,
        title=shape.title,
        parties=shape.parties,
        gateway=shape.gateway,
        purposes=shape.purposes,
        classes=shape.classes,
        starts=shape.starts,
        ends=shape.ends,
        review=shape.review,
        signed_by=tuple(
            Signature(agency=signature.agency, office=signature.office, on=signature.on)
            for signature in shape.signed_by
        ),
        tell_differences=shape.tell_differences,
    )
