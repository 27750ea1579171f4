"""All tables of the partner's database, gathered for Django."""

from tieline.systems.partner.record import PartnerRecord

__all__ = ["PartnerRecord"]
