"""Bases of the record pages: permissions by code, objects through ``visible_to``."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultiple


class RecordAdmin(ModelAdmin):
    """Records without rules. Subclasses name their two codes; staff see what is in their scope."""

    view_permission: ClassVar[str] = ""
    change_permission: ClassVar[str] = ""
    list_fullwidth = True
    show_full_result_count = False
    list_per_page = 50
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        visible = getattr(rows, "visible_to", None)
        return visible(request.user) if visible else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.view_permission) or self._holds(request, self.change_permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, self.change_permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.change_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.change_permission)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only related rows that are in the scope of the one who asks."""
        manager = db_field.remote_field.model._default_manager
        visible = getattr(manager.all(), "visible_to", None)
        if visible and "queryset" not in kwargs:
            kwargs["queryset"] = visible(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Checkboxes, of rows in scope only; the stock two-box widget is not accessible."""
        manager = db_field.remote_field.model._default_manager
        visible = getattr(manager.all(), "visible_to", None)
        if visible and "queryset" not in kwargs:
            kwargs["queryset"] = visible(request.user)
        kwargs.setdefault("widget", UnfoldAdminCheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @staticmethod
    def _holds(request: HttpRequest, code: str) -> bool:
        return bool(code) and bool(request.user.has_perm(code))


class RuledAdmin(RecordAdmin):
    """Records with rules: read-only here; what may be done to them are actions that call services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RecordRows(TabularInline):
    """Rows of a record in a table; each field says its name, as the heading does not reach it."""

    extra = 0

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)
        return formset
